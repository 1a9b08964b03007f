import type { Messages } from '../fi.ts'

export const goal: Messages['goal'] = {
  title: 'Kompetensmål',
  mine: 'Jag vill lära mig',
  until: ({ date }) => `Målet gäller till ${date}`,
  endsSoon: 'Målet går snart ut',
  daysLeft: ({ days }) => `${days} dagar kvar`,
  talk: 'Målsamtal',
  agree: 'Jag godkänner målet',
}
