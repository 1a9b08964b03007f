/** The front page. */
export const landing = {
  title: 'Tee osaaminen näkyväksi',
  lead: 'Osaamispassi kertoo, mitä opit työssä. Merkit voi tarkistaa kuka tahansa.',
  signIn: 'Kirjaudu sisään',
  signInLead: 'Avaa oma passisi tai kirjaa ryhmäsi osaamista.',
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
