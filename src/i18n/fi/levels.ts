/** Why support levels are hidden, and what a lead says before seeing them. */
export const levels = {
  hidden: 'Tuen taso ei näy sinulle nyt. Se näkyy, kun valmentautujan hakemus odottaa päätöstä.',
  sayWhy: 'Tuen taso ei näy sinulle nyt. Kerro ensin, miksi tarvitset sitä.',
  title: 'Tuen taso',
  lead: 'Tuen taso näytetään, kun sitä tarvitaan. Valmentautuja näkee, että katsoit, ja miksi.',
  why: 'Miksi katsot?',
  show: 'Näytä tuen tasot',
  reasons: {
    feedback: 'Käsittelen palautetta tai valitusta',
    'staff-away': 'Valmentaja on poissa',
    'arranging-support': 'Järjestän tukea',
    quality: 'Tarkistan, että kirjaukset ovat oikein',
  },
}
