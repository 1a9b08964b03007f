import type { Messages } from '../fi.ts'

export const feedback: Messages['feedback'] = {
  question: 'How did this go?',
  good: 'Well',
  ok: 'Fairly well',
  bad: 'Badly',
}
