import type { Messages } from '../fi.ts'

export const scale: Messages['scale'] = {
  1: 'Jag övar',
  2: 'Jag kan med hjälp',
  3: 'Jag kan nästan själv',
  4: 'Jag kan själv',
}
