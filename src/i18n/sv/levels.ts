import type { Messages } from '../fi.ts'

export const levels: Messages['levels'] = {
  hidden: 'Stödnivån visas inte för dig nu. Den visas när deltagarens ansökan väntar på beslut.',
  sayWhy: 'Stödnivån visas inte för dig nu. Berätta först varför du behöver den.',
  title: 'Stödnivå',
  lead: 'Stödnivån visas när den behövs. Deltagaren ser att du har tittat, och varför.',
  why: 'Varför tittar du?',
  show: 'Visa stödnivåerna',
  reasons: {
    feedback: 'Jag behandlar respons eller ett klagomål',
    'staff-away': 'Handledaren är borta',
    'arranging-support': 'Jag ordnar stöd',
    quality: 'Jag kontrollerar att anteckningarna är rätt',
  },
}
