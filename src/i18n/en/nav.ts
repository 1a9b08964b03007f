import type { Messages } from '../fi.ts'

export const nav: Messages['nav'] = {
  passport: 'Passport',
  goal: 'Goal',
  badges: 'Badges',
  show: 'Show',
  record: 'Record',
  group: 'Group',
  goals: 'Goals',
  reports: 'Reports',
  modules: 'Modules',
  applications: 'Applications',
  verify: 'Check',
  endorsements: 'Endorsements',
  apiKeys: 'Keys',
  administration: 'Admin',
}
