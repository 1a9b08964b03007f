import type { Messages } from '../fi.ts'

export const scale: Messages['scale'] = {
  1: 'I am practising',
  2: 'I can do it with help',
  3: 'I can almost do it myself',
  4: 'I can do it myself',
}
