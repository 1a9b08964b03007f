export const qualifications = {
  title: 'Tutkinnot',
  unit: 'Tutkinnon osa',
  requirement: 'Ammattitaito\u00advaatimus',
  scope: ({ points }: { points: number }): string => `${points} osaamispistettä`,
  validFrom: ({ date }: { date: string }): string => `Voimassa ${date} alkaen`,
  counts: ({ units, requirements }: { units: number; requirements: number }): string =>
    `${units} tutkinnon osaa, ${requirements} ammattitaitovaatimusta`,
}
