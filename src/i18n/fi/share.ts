export const share = {
  title: 'Näytä passi toiselle',
  what: 'Mitä näytät?',
  howLong: 'Kuinka kauan linkki toimii?',
  supportOff: 'Tukitaso ei näy',
  supportOn: 'Näytä myös tukitaso',
  make: 'Tee linkki ja QR-koodi',
  close: 'Sulje tämä linkki',
  worksUntil: ({ date }: { date: string }): string => `Linkki toimii ${date} asti`,
  expired: 'Tämä linkki ei enää toimi. Pyydä uusi linkki passin omistajalta.',
}
