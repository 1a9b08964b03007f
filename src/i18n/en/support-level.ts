import type { Messages } from '../fi.ts'

export const supportLevel: Messages['supportLevel'] = {
  enhanced: 'Enhanced support',
  general: 'General support',
  minor: 'Minor support',
}

export const supportHint: Messages['supportHint'] = {
  enhanced: 'We did the work together.',
  general: 'Got advice during the work.',
  minor: 'Did it alone. Asked when needed.',
}
