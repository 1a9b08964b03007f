import type { Messages } from '../fi.ts'

export const share: Messages['share'] = {
  title: 'Show the passport to someone',
  what: 'What do you show?',
  howLong: 'How long does the link work?',
  supportOff: 'The support level is not shown',
  supportOn: 'Show the support level too',
  make: 'Make a link and a QR code',
  close: 'Close this link',
  worksUntil: ({ date }) => `The link works until ${date}`,
  expired: 'This link no longer works. Ask the owner for a new one.',
}
