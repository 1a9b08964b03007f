import type { Messages } from '../fi.ts'

export const nav: Messages['nav'] = {
  passport: 'Pass',
  goal: 'Mål',
  badges: 'Märken',
  show: 'Visa',
  record: 'Anteckna',
  group: 'Grupp',
  goals: 'Mål',
  reports: 'Rapporter',
  modules: 'Moduler',
  applications: 'Ansökningar',
  verify: 'Kontrollera',
  endorsements: 'Rekommendationer',
  apiKeys: 'Nycklar',
  administration: 'Admin',
}
