/** The front page. */
export const landing = {
  title: 'Tee osaaminen näkyväksi',
  lead: 'Osaamispassi kertoo, mitä opit työssä. Merkit voi tarkistaa kuka tahansa.',
  signIn: 'Kirjaudu sisään',
  signInLead: 'Avaa oma passisi tai kirjaa ryhmäsi osaamista.',
  /** What a signed-in person does first, by role. */
  first: {
    client: 'Avaa oma passi',
    coach: 'Kirjaa osaaminen',
    coordinator: 'Avaa hakemukset',
    foundation_lead: 'Avaa hakemukset',
    school: 'Tarkista merkki',
    admin: 'Avaa moduulit',
  },
  verify: 'Tarkista merkki',
  verifyLead: 'Näet, onko merkki aito ja voimassa. Et tarvitse tunnusta.',
  whatTitle: 'Näin se toimii',
  what: [
    'Teet työtä, ja valmentaja kirjaa, mitä teit.',
    'Arvioit myös itse, miten osaat.',
    'Kun osaat työn, saat siitä merkin.',
    'Sinä päätät, kenelle näytät merkin.',
  ],
}
