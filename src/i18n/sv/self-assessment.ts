import type { Messages } from '../fi.ts'

export const selfAssessment: Messages['selfAssessment'] = {
  title: 'Bedöm själv',
  question: ({ skill }) => `Hur kan du det här: ${skill}?`,
  hint: 'Välj det som är närmast dig. Det här är inget prov.',
  skip: 'Jag kan inte säga',
  save: 'Spara bedömningen',
  thanks: 'Tack! Din bedömning är sparad.',
  previous: ({ answer, day }) => `Senast svarade du: ${answer} (${day})`,
  steps: 'Det här hör till arbetet',
  own: 'Berätta med egna ord',
  ownHint: 'Vad gick bra? Vad var svårt?',
}
