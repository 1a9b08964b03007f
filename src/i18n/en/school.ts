import type { Messages } from '../fi.ts'

export const school: Messages['school'] = {
  unit: 'Unit of a qualification',
  covered: 'Shown by badges',
  missing: 'Not yet shown',
  demonstration: 'Skills demonstration',
  refer: 'Refer to a demonstration',
  agreeDate: 'Agree on time and place',
  endorse: 'Endorse the badge',
}
