import type { BadgePicture } from '../../src/badges/artwork.ts'

/** An ordinary badge; tests change what they are about. */
export const ordinary: BadgePicture = {
  template: 'taito-hilla',
  nameLines: ['Lattian koneellinen', 'puhdistus'],
  fullName: 'Lattian koneellinen puhdistus',
  tier: 'advanced',
  tierWord: 'Edistynyt',
  description: 'Pyöreä osaamismerkki.',
  issuerName: 'Meriva Sr',
  language: 'fi',
  idPrefix: 'm1',
}

/** The picture that is compared with the stored one (PRODUCT §6). */
export const hamara: BadgePicture = { ...ordinary, nameLines: ['Hämärä ÄÖÅ'], fullName: 'Hämärä ÄÖÅ' }
