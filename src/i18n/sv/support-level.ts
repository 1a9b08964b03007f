import type { Messages } from '../fi.ts'

export const supportLevel: Messages['supportLevel'] = {
  enhanced: 'Intensifierat stöd',
  general: 'Allmänt stöd',
  minor: 'Litet stöd',
}

export const supportHint: Messages['supportHint'] = {
  enhanced: 'Vi gjorde arbetet tillsammans.',
  general: 'Fick råd under arbetet.',
  minor: 'Gjorde själv. Frågade vid behov.',
}
