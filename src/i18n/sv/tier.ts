import type { Messages } from '../fi.ts'

export const tier: Messages['tier'] = {
  word: 'Nivå',
  label: ({ tier }) => `Nivå ${tier}`,
  basic: 'Grund',
  advanced: 'Avancerad',
  master: 'Mästare',
}
