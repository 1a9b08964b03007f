export const goal = {
  title: 'Osaamistavoite',
  mine: 'Haluan oppia',
  until: ({ date }: { date: string }): string => `Tavoite on voimassa ${date} asti`,
  endsSoon: 'Tavoite päättyy pian',
  daysLeft: ({ days }: { days: number }): string => `${days} päivää jäljellä`,
  talk: 'Tavoitekeskustelu',
  agree: 'Hyväksyn tavoitteen',
}
