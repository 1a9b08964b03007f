/** Awards and their revocation. */
export const awards = {
  /** Inside the credential: no persons, no levels, no numbers of tries, and no word that tells of a service (DOMAIN 9.3). */
  evidenceName: 'Työssä havaittu osaaminen',
  evidenceNarrative: ({ tasks }: { tasks: readonly string[] }): string =>
    `Osaaminen on havaittu oikeassa työssä. Havainnot on kirjattu työn tekemisestä, ja merkin saaja on arvioinut oman työnsä. Merkistä on päättänyt toinen henkilö kuin havaintojen tekijä.${tasks.length > 0 ? ` Työtehtävät: ${tasks.join('; ')}.` : ''}`,
  title: 'Myönnetyt merkit',
  one: 'Myönnetty merkki',
  standing: {
    offered: 'Valmentautuja ei ole vielä vastannut.',
    accepted: 'Valmentautuja on ottanut merkin vastaan.',
    declined: 'Valmentautuja ei halunnut merkkiä.',
  },
  empty: 'Merkkejä ei ole vielä myönnetty.',
  states: {
    offered: 'Odottaa vastausta',
    accepted: 'Voimassa',
    declined: 'Ei otettu vastaan',
    revoked: 'Peruttu',
    expired: 'Vanhentunut',
  },
  revoke: 'Peru merkki',
  revokeTitle: ({ name, badge }: { name: string; badge: string }): string => `Peru merkki: ${name}, ${badge}`,
  revokeLead: 'Merkki lakkaa olemasta voimassa. Perumista ei voi kumota.',
  revokeReason: 'Miksi merkki perutaan?',
  revokeReasonHint: 'Syyn näkee jokainen, joka tarkistaa merkin.',
  revokedOn: 'Peruttu',
  revokeWhy: 'Syy',
  reasons: {
    'issued-in-error': 'Merkki myönnettiin vahingossa',
    'evidence-corrected': 'Kirjauksia on korjattu, eikä vaatimus enää täyty',
    misuse: 'Merkkiä on käytetty väärin',
    'holder-asked': 'Merkin saaja pyysi sitä',
  },
  revokeNote: 'Selitys valmentautujalle',
  revokeNoteHint: 'Tämän näkevät vain valmentautuja ja oma väki.',
  revokeAction: 'Peru merkki',
  revoked: ({ name }: { name: string }): string => `Merkki on peruttu: ${name}`,
  alreadyRevoked: 'Merkki on jo peruttu.',
}
