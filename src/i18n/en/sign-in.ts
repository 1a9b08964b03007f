import type { Messages } from '../fi.ts'

export const signIn: Messages['signIn'] = {
  title: 'Log in',
  clientTitle: 'Log in with a code',
  clientHint: 'When you are a participant',
  clientAction: 'I have a code',
  staffTitle: 'Log in with a user name',
  staffHint: 'When you are a coach, a coordinator or work at a school',
  codeHint: 'You get the code from your coach. It has 8 characters.',
  code: 'Code',
  codeValid: 'The code works for 15 minutes and once.',
  codeWrong: 'Write the code again. If it does not work, ask your coach for a new one.',
  shared: 'This is a shared computer',
  sharedHint: 'You are logged out when you close the browser or when you do nothing for 10 minutes.',
  moreTime: 'I need more time',
  email: 'Email',
  password: 'Password',
  wrong: 'Check the email and the password. If you tried many times, wait a minute.',
  wait: ({ seconds }) => `Wait ${seconds} seconds and then try again.`,
  ended: 'Your session has ended. Log in again. If you just sent a form, it was not saved.',
  signedOut: 'You are logged out.',
}
