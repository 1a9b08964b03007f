import type { Messages } from '../fi.ts'

export const publicBadge: Messages['publicBadge'] = {
  title: ({ name }) => `Competence badge: ${name}`,
  kind: 'Competence badge',
  issuer: 'Issuer',
  awardedOn: 'Awarded',
  status: 'State',
  validUntil: 'Valid until',
  forever: 'Does not expire',
  criteria: 'What the badge required',
  evidence: 'What the badge is based on',
  alignment: 'Qualification unit that the badge belongs to',
  check: 'Check the badge',
  checkLead: 'You can check the badge in this service or anywhere else.',
  files: 'Files of the badge',
  whose: 'The page does not tell whose badge it is. Ask the owner to show it in the passport.',
  notPublicTitle: 'The badge is not shown',
  notPublic: 'The owner does not show this badge publicly.',
  revokedTitle: 'The badge is revoked',
  revoked: ({ date, reason }) => `The badge was revoked on ${date}. Reason: ${reason}`,
  notFoundTitle: 'Badge not found',
}
