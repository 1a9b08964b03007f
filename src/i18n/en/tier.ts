import type { Messages } from '../fi.ts'

export const tier: Messages['tier'] = {
  word: 'Tier',
  label: ({ tier }) => `Tier ${tier}`,
  basic: 'Basic',
  advanced: 'Advanced',
  master: 'Master',
}
