import type { Messages } from '../fi.ts'

export const awards: Messages['awards'] = {
  /** Inside the credential: no persons, no levels, no numbers of tries, and no word that tells of a service (DOMAIN 9.3). */
  evidenceName: 'Competence seen at work',
  evidenceNarrative: ({ tasks }: { tasks: readonly string[] }): string =>
    `The competence was seen in real work. It was recorded as the work was done, and the holder assessed the own work. Somebody other than the observer decided about the badge.${tasks.length > 0 ? ` Work tasks: ${tasks.join('; ')}.` : ''}`,
  title: 'Awarded badges',
  one: 'Awarded badge',
  standing: {
    offered: 'The participant has not answered yet.',
    accepted: 'The participant has accepted the badge.',
    declined: 'The participant did not want the badge.',
  },
  empty: 'No badges have been awarded yet.',
  states: {
    offered: 'Waits for an answer',
    accepted: 'Valid',
    declined: 'Not accepted',
    revoked: 'Revoked',
    expired: 'Expired',
  },
  revoke: 'Revoke the badge',
  revokeTitle: ({ name, badge }) => `Revoke the badge: ${name}, ${badge}`,
  revokeLead: 'The badge stops being valid. This cannot be undone.',
  revokeReason: 'Why is the badge revoked?',
  revokeReasonHint: 'Everybody who checks the badge sees the reason.',
  revokedOn: 'Revoked',
  revokeWhy: 'Reason',
  reasons: {
    'issued-in-error': 'The badge was awarded by mistake',
    'evidence-corrected': 'Records were corrected, and the requirement is no longer met',
    misuse: 'The badge was misused',
    'holder-asked': 'The holder asked for it',
  },
  revokeNote: 'Explanation for the participant',
  revokeNoteHint: 'Only the participant and own staff see this.',
  revokeAction: 'Revoke the badge',
  revoked: ({ name }) => `The badge is revoked: ${name}`,
  alreadyRevoked: 'The badge is already revoked.',
}
