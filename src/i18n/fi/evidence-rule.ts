/** An evidence rule and how far somebody is, in words. Public where it does not name a support level. */
export const evidenceRule = {
  title: 'Näin merkin saa',
  times: ({ count }: { count: number }): string => `Tee työ ${count} ${count === 1 ? 'kerran' : 'kertaa'}.`,
  days: ({ count }: { count: number }): string => `Tee se ${count} eri päivänä.`,
  tasks: 'Työt, joita merkkiin tarvitaan',
  childBadges: 'Merkit, joita tähän merkkiin tarvitaan',
  months: ({ count }: { count: number }): string => `Työstä saa olla enintään ${count} kuukautta.`,
  selfAssessment: 'Arvioi työ myös itse.',
  requirements: ({ count }: { count: number }): string =>
    count === 1 ? 'Tutkinnon osan vaatimus on nähty työssä.' : `Tutkinnon osan ${count} vaatimusta on nähty työssä.`,
  shownAtSchool: 'Näytetään oppilaitoksessa',
  environment: 'Tee työ tunnistetussa työ- ja oppimisympäristössä.',
  /** What a support level at most means in words that may be shown to everybody. */
  independence: {
    enhanced: 'Työ tehdään yhdessä valmentajan kanssa.',
    general: 'Työ tehdään itse tai ohjeen avulla.',
    minor: 'Työ tehdään omatoimisesti.',
  },
  done: ({ done, total }: { done: number; total: number }): string => `${done} / ${total}`,
  ready: 'Kaikki on valmiina',
  readyReason: ({ records, days }: { records: number; days: number }): string =>
    `${records} ${records === 1 ? 'kirjaus' : 'kirjausta'}, ${days === 1 ? '1 päivänä' : `${days} eri päivänä`}`,
  missing: {
    records: ({ count }: { count: number }): string =>
      count === 1 ? 'yksi kirjaus vielä' : `${count} kirjausta vielä`,
    days: ({ count }: { count: number }): string =>
      count === 1 ? 'yksi vielä toisena päivänä' : `${count} vielä eri päivinä`,
    moreIndependent: 'sama työ vielä itse tai ohjeen avulla',
    recent: 'uusi kirjaus, koska vanhat ovat liian vanhoja',
    selfAssessment: 'oma arvio puuttuu',
    requirements: ({ count }: { count: number }): string =>
      count === 1 ? 'yksi vaatimus näkemättä' : `${count} vaatimusta näkemättä`,
    environment: 'sama työ vielä tunnistetussa ympäristössä',
    childBadge: ({ name }: { name: string }): string => `merkki: ${name}`,
  },
  perTask: ({ task, what }: { task: string; what: string }): string => `${task}: ${what}`,
}
