import type { Messages } from '../fi.ts'

export const school: Messages['school'] = {
  unit: 'Examensdel',
  covered: 'Påvisat med märken',
  missing: 'Ännu inte påvisat',
  demonstration: 'Yrkesprov',
  refer: 'Hänvisa till yrkesprov',
  agreeDate: 'Kom överens om tid och plats',
  endorse: 'Rekommendera märket',
}
