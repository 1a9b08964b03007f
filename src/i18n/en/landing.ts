import type { Messages } from '../fi.ts'

export const landing: Messages['landing'] = {
  title: 'Make competence visible',
  lead: 'The competence passport tells what you learn at work. Anybody can check the badges.',
  signIn: 'Log in',
  signInLead: "Open your own passport, or record your group's skills.",
  first: {
    client: 'Open your passport',
    coach: 'Record skills',
    coordinator: 'Open the applications',
    foundation_lead: 'Open the applications',
    school: 'Check a badge',
    admin: 'Open the modules',
  },
  verify: 'Check a badge',
  verifyLead: 'You see whether a badge is genuine and valid. You do not need to log in.',
  whatTitle: 'How it works',
  what: [
    'You work, and your coach records what you did.',
    'You also assess yourself.',
    'When you can do the work, you get a badge for it.',
    'You decide whom you show the badge to.',
  ],
}
