import type { Messages } from '../fi.ts'

export const levels: Messages['levels'] = {
  hidden: 'You do not see the support level now. You see it when an application of the client waits for a decision.',
  sayWhy: 'You do not see the support level now. First say why you need it.',
  title: 'Support level',
  lead: 'The support level is shown when it is needed. The client sees that you looked, and why.',
  why: 'Why do you look?',
  show: 'Show the support levels',
  reasons: {
    feedback: 'I am dealing with feedback or a complaint',
    'staff-away': 'The coach is away',
    'arranging-support': 'I am arranging support',
    quality: 'I am checking that the records are right',
  },
}
