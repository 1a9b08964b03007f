import type { Messages } from '../i18n/index.ts'

/** The client's own view in words. */
export function choiceWords(choice: number | null, t: Messages): string {
  const step = ([1, 2, 3, 4] as const).find((one) => one === choice)
  return step === undefined ? t.selfAssessment.skip : t.scale[step]
}
