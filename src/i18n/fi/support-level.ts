/** Support level (tuen taso). For the client and the own coaches only: never on a page that others see. */
export const supportLevel = {
  enhanced: 'Tehostettu tuki',
  general: 'Yleinen tuki',
  minor: 'Vähäinen tuki',
}

export const supportHint = {
  enhanced: 'Teimme työn yhdessä.',
  general: 'Sai ohjeita työn aikana.',
  minor: 'Teki itse. Kysyi, jos tarvitsi.',
}
