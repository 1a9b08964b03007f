import type { Messages } from '../fi.ts'

export const awards: Messages['awards'] = {
  /** Inside the credential: no persons, no levels, no numbers of tries, and no word that tells of a service (DOMAIN 9.3). */
  evidenceName: 'Kunnande som observerats i arbetet',
  evidenceNarrative: ({ tasks }: { tasks: readonly string[] }): string =>
    `Kunnandet har observerats i verkligt arbete. Observationerna har antecknats när arbetet gjordes, och den som fått märket har bedömt sitt eget arbete. En annan person än den som observerade har beslutat om märket.${tasks.length > 0 ? ` Arbetsuppgifter: ${tasks.join('; ')}.` : ''}`,
  title: 'Beviljade märken',
  one: 'Beviljat märke',
  standing: {
    offered: 'Deltagaren har inte svarat ännu.',
    accepted: 'Deltagaren har tagit emot märket.',
    declined: 'Deltagaren ville inte ha märket.',
  },
  empty: 'Inga märken är beviljade ännu.',
  states: {
    offered: 'Väntar på svar',
    accepted: 'Giltigt',
    declined: 'Inte mottaget',
    revoked: 'Återkallat',
    expired: 'Föråldrat',
  },
  revoke: 'Återkalla märket',
  revokeTitle: ({ name, badge }) => `Återkalla märket: ${name}, ${badge}`,
  revokeLead: 'Märket slutar gälla. Återkallelsen kan inte ångras.',
  revokeReason: 'Varför återkallas märket?',
  revokeReasonHint: 'Alla som kontrollerar märket ser orsaken.',
  revokedOn: 'Återkallat',
  revokeWhy: 'Orsak',
  reasons: {
    'issued-in-error': 'Märket beviljades av misstag',
    'evidence-corrected': 'Anteckningar har rättats, och kravet uppfylls inte längre',
    misuse: 'Märket har använts fel',
    'holder-asked': 'Den som fått märket bad om det',
  },
  revokeNote: 'Förklaring till deltagaren',
  revokeNoteHint: 'Det här ser bara deltagaren och den egna personalen.',
  revokeAction: 'Återkalla märket',
  revoked: ({ name }) => `Märket är återkallat: ${name}`,
  alreadyRevoked: 'Märket är redan återkallat.',
}
