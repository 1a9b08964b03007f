export const school = {
  unit: 'Tutkinnon osa',
  covered: 'Osoitettu merkeillä',
  missing: 'Vielä osoittamatta',
  demonstration: 'Näyttö',
  refer: 'Ohjaa näyttöön',
  agreeDate: 'Sovi aika ja paikka',
  endorse: 'Suosittele merkkiä',
}
