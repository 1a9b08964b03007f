export const feedback = {
  question: 'Miten tämä sujui?',
  good: 'Hyvin',
  ok: 'Melko hyvin',
  bad: 'Huonosti',
}
