import type { Messages } from '../fi.ts'

export const evidenceRule: Messages['evidenceRule'] = {
  title: 'Så får du märket',
  times: ({ count }) => `Gör arbetet ${count} ${count === 1 ? 'gång' : 'gånger'}.`,
  days: ({ count }) => `Gör det på ${count} olika ${count === 1 ? 'dag' : 'dagar'}.`,
  tasks: 'Arbeten som behövs för märket',
  childBadges: 'Märken som behövs för det här märket',
  months: ({ count }) => `Arbetet får vara högst ${count} månader gammalt.`,
  selfAssessment: 'Bedöm arbetet också själv.',
  requirements: ({ count }) =>
    count === 1 ? 'Kravet i examensdelen har setts i arbetet.' : `Examensdelens ${count} krav har setts i arbetet.`,
  shownAtSchool: 'Visas i läroanstalten',
  environment: 'Gör arbetet i en identifierad arbets- och lärmiljö.',
  independence: {
    enhanced: 'Arbetet görs tillsammans med coachen.',
    general: 'Arbetet görs själv eller med hjälp av anvisning.',
    minor: 'Arbetet görs självständigt.',
  },
  done: ({ done, total }) => `${done} / ${total}`,
  ready: 'Allt är klart',
  readyReason: ({ records, days }) =>
    `${records} ${records === 1 ? 'anteckning' : 'anteckningar'}, på ${days === 1 ? '1 dag' : `${days} olika dagar`}`,
  missing: {
    records: ({ count }) => (count === 1 ? 'en anteckning till' : `${count} anteckningar till`),
    days: ({ count }) => (count === 1 ? 'en till på en annan dag' : `${count} till på olika dagar`),
    moreIndependent: 'samma arbete själv eller med hjälp av anvisning',
    recent: 'en ny anteckning, för de gamla är för gamla',
    selfAssessment: 'egen bedömning saknas',
    requirements: ({ count }) => (count === 1 ? 'ett krav återstår att se' : `${count} krav återstår att se`),
    environment: 'samma arbete i en identifierad miljö',
    childBadge: ({ name }) => `märket: ${name}`,
  },
  perTask: ({ task, what }) => `${task}: ${what}`,
}
