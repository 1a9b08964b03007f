import type { Messages } from '../fi.ts'

export const qualifications: Messages['qualifications'] = {
  title: 'Examina',
  unit: 'Examensdel',
  requirement: 'Krav på yrkesskicklighet',
  scope: ({ points }) => `${points} kompetenspoäng`,
  validFrom: ({ date }) => `Gäller från ${date}`,
  counts: ({ units, requirements }) => `${units} examensdelar, ${requirements} krav på yrkesskicklighet`,
}
