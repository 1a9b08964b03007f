import type { Messages } from '../fi.ts'

export const evidenceRule: Messages['evidenceRule'] = {
  title: 'How to get the badge',
  times: ({ count }) => `Do the work ${count === 1 ? 'once' : `${count} times`}.`,
  days: ({ count }) => `Do it on ${count} different ${count === 1 ? 'day' : 'days'}.`,
  tasks: 'Work tasks that the badge needs',
  childBadges: 'Badges that this badge needs',
  months: ({ count }) => `The work may be at most ${count} months old.`,
  selfAssessment: 'Assess the work yourself too.',
  requirements: ({ count }) =>
    count === 1
      ? 'The requirement of the unit has been seen at work.'
      : `The ${count} requirements of the unit have been seen at work.`,
  shownAtSchool: 'Shown at school',
  environment: 'Do the work in a recognised working and learning environment.',
  independence: {
    enhanced: 'The work is done together with the coach.',
    general: 'The work is done alone or by instructions.',
    minor: 'The work is done on own initiative.',
  },
  done: ({ done, total }) => `${done} of ${total}`,
  ready: 'Everything is ready',
  readyReason: ({ records, days }) =>
    `${records} ${records === 1 ? 'record' : 'records'}, on ${days === 1 ? '1 day' : `${days} different days`}`,
  missing: {
    records: ({ count }) => (count === 1 ? 'one more record' : `${count} more records`),
    days: ({ count }) => (count === 1 ? 'one more on another day' : `${count} more on different days`),
    moreIndependent: 'the same work alone or by instructions',
    recent: 'a new record, because the old ones are too old',
    selfAssessment: 'the own view is missing',
    requirements: ({ count }) => (count === 1 ? 'one requirement not seen yet' : `${count} requirements not seen yet`),
    environment: 'the same work in a recognised environment',
    childBadge: ({ name }) => `the badge: ${name}`,
  },
  perTask: ({ task, what }) => `${task}: ${what}`,
}
