import type { Role } from '../../http/permissions.ts'

/** Everybody and everything here is invented; every row belongs to an organisation marked as demo. */
export const demoPassword = 'hilla-joki-kuusi-26'

export type DemoOrganisation = {
  readonly code: string
  readonly kind: 'foundation' | 'school'
  readonly name: string
  readonly url: string
  readonly email: string
  readonly badgeAlgorithm?: 'RS256' | 'ES256'
  readonly staff: readonly {
    readonly name: string
    readonly signInName: string
    readonly roles: readonly Exclude<Role, 'client'>[]
  }[]
}

const domain = 'demo.example'

export const organisations: readonly DemoOrganisation[] = [
  {
    code: 'rev1',
    kind: 'foundation',
    name: 'Revontulisäätiö',
    url: 'https://revontulisaatio.example/',
    email: 'merkit@revontulisaatio.example',
    staff: [
      { name: 'Pekka R.', signInName: `pekka@${domain}`, roles: ['coach'] },
      { name: 'Sari L.', signInName: `sari@${domain}`, roles: ['coach'] },
      { name: 'Kaisa M.', signInName: `kaisa@${domain}`, roles: ['coordinator'] },
      { name: 'Aulis A.', signInName: `aulis@${domain}`, roles: ['admin'] },
    ],
  },
  {
    code: 'tun2',
    kind: 'foundation',
    name: 'Tunturisäätiö',
    url: 'https://tunturisaatio.example/',
    email: 'merkit@tunturisaatio.example',
    badgeAlgorithm: 'ES256',
    staff: [
      { name: 'Oula S.', signInName: `oula@${domain}`, roles: ['coach'] },
      { name: 'Ritva K.', signInName: `ritva@${domain}`, roles: ['coach'] },
      { name: 'Helena V.', signInName: `helena@${domain}`, roles: ['coordinator'] },
    ],
  },
  {
    code: 'opi3',
    kind: 'school',
    name: 'Pohjolan ammattiopisto',
    url: 'https://pohjolanammattiopisto.example/',
    email: 'naytot@pohjolanammattiopisto.example',
    staff: [{ name: 'Opettaja Niemi', signInName: `niemi@${domain}`, roles: ['school'] }],
  },
]

/** Modules that both foundations take into use, with the criteria they stand on. */
export const modules = [
  {
    file: 'puupintojen-kasittely.json',
    criteria: 'puuteollisuus-OPH-2455-2017.json',
    qualification: 'Puuteollisuuden perustutkinto',
  },
  {
    file: 'polkupyoran-huolto.json',
    criteria: 'ajoneuvoala-OPH-5410-2021.json',
    qualification: 'Ajoneuvoalan perustutkinto',
  },
] as const

export type DemoClient = { readonly given: string; readonly family: string; readonly language: 'fi' | 'sv' }

const finnish = (given: string, family: string): DemoClient => ({ given, family, language: 'fi' })

/** Twenty people for each foundation. */
export const clients: Readonly<Record<'rev1' | 'tun2', readonly DemoClient[]>> = {
  rev1: [
    finnish('Maija', 'Korhonen'),
    finnish('Antti', 'Halonen'),
    finnish('Fatima', 'Ali'),
    finnish('Juhani', 'Saari'),
    finnish('Leena', 'Virta'),
    finnish('Niko', 'Peura'),
    finnish('Ritva', 'Tervo'),
    finnish('Samu', 'Länsman'),
    finnish('Maija', 'Kettunen'),
    { given: 'Åsa', family: 'Sjöström', language: 'sv' },
    finnish('Olga', 'Petrova'),
    finnish('Veikko', 'Nikula'),
    finnish('Aino', 'Morottaja'),
    finnish('Mikko', 'Hänninen'),
    finnish('Jelena', 'Šustova'),
    finnish('Tuomas', 'Ylitalo'),
    finnish('Marja', 'Kivijärvi'),
    finnish('Hassan', 'Yusuf'),
    finnish('Eero', 'Lampela'),
    finnish('Sanna', 'Öhman'),
  ],
  tun2: [
    finnish('Reijo', 'Kumpula'),
    finnish('Inkeri', 'Magga'),
    finnish('Pentti', 'Alatalo'),
    finnish('Silja', 'Rautio'),
    finnish('Arvo', 'Niskala'),
    finnish('Kaarina', 'Pulju'),
    finnish('Daniel', 'Osei'),
    finnish('Eila', 'Juuso'),
    finnish('Timo', 'Vaara'),
    finnish('Hilkka', 'Salmi'),
    { given: 'Björn', family: 'Lindqvist', language: 'sv' },
    finnish('Anneli', 'Uusitalo'),
    finnish('Jouni', 'Aikio'),
    finnish('Raija', 'Mustonen'),
    finnish('Ville', 'Karppinen'),
    finnish('Nadia', 'Hassan'),
    finnish('Lauri', 'Jänkälä'),
    finnish('Pirkko', 'Törmänen'),
    finnish('Esa', 'Kotila'),
    finnish('Tyyne', 'Aho'),
  ],
}
