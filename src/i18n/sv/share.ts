import type { Messages } from '../fi.ts'

export const share: Messages['share'] = {
  title: 'Visa passet för någon',
  what: 'Vad visar du?',
  howLong: 'Hur länge fungerar länken?',
  supportOff: 'Stödnivån visas inte',
  supportOn: 'Visa också stödnivån',
  make: 'Skapa länk och QR-kod',
  close: 'Stäng länken',
  worksUntil: ({ date }) => `Länken fungerar till ${date}`,
  expired: 'Länken fungerar inte längre. Be passets ägare om en ny länk.',
}
