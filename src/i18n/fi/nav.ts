export const nav = {
  passport: 'Passi',
  goal: 'Tavoite',
  badges: 'Merkit',
  show: 'Näytä',
  record: 'Kirjaa',
  group: 'Ryhmä',
  goals: 'Tavoitteet',
  reports: 'Raportit',
  modules: 'Moduulit',
  applications: 'Hakemukset',
  verify: 'Tarkista',
}
