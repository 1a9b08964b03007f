import type { Messages } from '../fi.ts'

export const qualifications: Messages['qualifications'] = {
  title: 'Qualifications',
  unit: 'Unit of a qualification',
  requirement: 'Vocational skill requirement',
  scope: ({ points }) => `${points} competence points`,
  validFrom: ({ date }) => `Valid from ${date}`,
  counts: ({ units, requirements }) => `${units} units, ${requirements} vocational skill requirements`,
}
