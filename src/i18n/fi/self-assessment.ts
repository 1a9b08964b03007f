export const selfAssessment = {
  title: 'Arvioi itse',
  question: ({ skill }: { skill: string }): string => `Miten osaat tämän: ${skill}?`,
  hint: 'Valitse se, mikä on lähinnä sinua. Vastaus ei ole koe.',
  skip: 'En osaa sanoa',
  save: 'Tallenna arvio',
  thanks: 'Kiitos! Arviosi on tallessa.',
  previous: ({ answer, day }: { answer: string; day: string }): string => `Arvioit viimeksi: ${answer} (${day})`,
  steps: 'Mitä työhön kuuluu',
  own: 'Kerro omin sanoin',
  ownHint: 'Mikä sujui hyvin? Mikä oli vaikeaa?',
}
