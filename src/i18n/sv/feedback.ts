import type { Messages } from '../fi.ts'

export const feedback: Messages['feedback'] = {
  question: 'Hur gick det?',
  good: 'Bra',
  ok: 'Ganska bra',
  bad: 'Dåligt',
}
