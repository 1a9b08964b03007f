import type { Messages } from '../fi.ts'

export const selfAssessment: Messages['selfAssessment'] = {
  title: 'Assess yourself',
  question: ({ skill }) => `How well can you do this: ${skill}?`,
  hint: 'Choose what is nearest to you. This is not a test.',
  skip: 'I cannot say',
  save: 'Save my view',
  thanks: 'Thank you! Your view is saved.',
  previous: ({ answer, day }) => `Last time you answered: ${answer} (${day})`,
  steps: 'What the work includes',
  own: 'Tell in your own words',
  ownHint: 'What went well? What was hard?',
}
