import type { Messages } from '../fi.ts'

export const goal: Messages['goal'] = {
  title: 'Competence goal',
  mine: 'I want to learn',
  until: ({ date }) => `The goal is valid until ${date}`,
  endsSoon: 'The goal ends soon',
  daysLeft: ({ days }) => `${days} days left`,
  talk: 'Goal talk',
  agree: 'I accept the goal',
}
