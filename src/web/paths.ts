export { asset } from './assets.ts'

/** One part of an address. Ids are ours, but they come back from outside. */
const part = encodeURIComponent

/** Formats that a badge is downloaded in (PRODUCT A5). */
export type BadgeFile = 'png' | 'svg' | 'jwt' | 'json' | 'jws'

/**
 * Addresses of the pages (PRODUCT 3) and of the forms on them, and of API resources that an answer points to. Every link of the
 * service comes from here. All are paths on the own origin.
 */
export const paths = {
  home: (): string => '/',
  signIn: (): string => '/kirjaudu',
  signInCode: (): string => '/kirjaudu/koodi',
  /** By the organisation's own provider; a link, because a form may not lead away (S-41). */
  signInByProvider: (): string => '/kirjaudu/organisaatio',
  /** GET what a printed card opens: asks for the PIN. POST it to `signInCard`. */
  card: (card: string): string => `/kirjaudu/kortti/${part(card)}`,
  signInCard: (): string => '/kirjaudu/kortti',
  /** GET asks for the code of the second factor, POST takes it. */
  secondFactor: (): string => '/kirjaudu/vahvistus',
  /** GET shows the key to set up, POST takes its first code. */
  enrolSecondFactor: (): string => '/kirjaudu/vahvistus/uusi',
  /** GET asks for the password again, POST takes it. */
  signInAgain: (): string => '/kirjaudu/uudelleen',
  /** POST: more time on a shared computer. */
  moreTime: (): string => '/kirjaudu/lisaa-aikaa',
  /** The first administrator's link: GET the form, POST it. */
  setup: (link: string): string => `/kayttoonotto/${part(link)}`,
  /** A member of staff sets the own password: GET the form, POST it. */
  staffSetup: (link: string): string => `/kayttoonotto/tili/${part(link)}`,
  account: (): string => '/tili',
  password: (): string => '/tili/salasana',
  /** POST: begins to set up a second factor. */
  newSecondFactor: (): string => '/tili/vahvistus',
  /** POST: registers this browser as the coach's own device. */
  devices: (): string => '/tili/laitteet',
  /** POST. */
  removeDevice: (id: string): string => `/tili/laitteet/${part(id)}/poista`,
  handOuts: (): string => '/katselut',
  /** POST: the client ends the own card. */
  endOwnCard: (): string => '/katselut/kortti',
  ownData: (): string => '/tiedot',
  ownCopy: (form: 'json' | 'pdf'): string => `/tiedot/kopio.${form}`,
  /** POST. */
  askCorrection: (): string => '/tiedot/korjaus',
  /** GET what follows, POST the request. */
  askErasure: (): string => '/tiedot/poisto',
  /** POST. */
  withdrawErasure: (): string => '/tiedot/poisto/peru',
  rightsRequests: (): string => '/hallinta/pyynnot',
  /** GET the request, POST the answer to a correction. */
  rightsRequest: (id: string): string => `/hallinta/pyynnot/${part(id)}`,
  /** GET the check page, POST erases. */
  eraseClient: (id: string): string => `/hallinta/pyynnot/${part(id)}/poisto`,
  /** GET the form for a request that came on paper, POST it. */
  paperRequest: (): string => '/hallinta/pyynnot/uusi',
  /** The copy for the client who asked on paper. */
  paperCopy: (id: string, form: 'json' | 'pdf'): string => `/hallinta/pyynnot/${part(id)}/kopio.${form}`,
  /** POST: the copy was handed over. */
  copyGiven: (id: string): string => `/hallinta/pyynnot/${part(id)}/annettu`,
  audit: (): string => '/hallinta/loki',
  /** Who works with whom. */
  relations: (): string => '/hallinta/suhteet',
  relationsOf: (clientId: string): string => `/hallinta/suhteet/${part(clientId)}`,
  /** POST a coach who begins. */
  beginRelation: (clientId: string): string => `/hallinta/suhteet/${part(clientId)}/valmentajat`,
  /** POST. */
  endRelation: (clientId: string, id: string): string =>
    `/hallinta/suhteet/${part(clientId)}/valmentajat/${part(id)}/lopeta`,
  /** POST the unit that the client moves to from today, or none. */
  moveToUnit: (clientId: string): string => `/hallinta/suhteet/${part(clientId)}/yksikko`,
  /** POST. */
  renameClient: (clientId: string): string => `/hallinta/suhteet/${part(clientId)}/nimi`,
  /** POST. */
  protectClient: (clientId: string): string => `/hallinta/suhteet/${part(clientId)}/turvakielto`,
  /** GET the check page of joining two rows of one person (`?toinen=`), POST joins. */
  mergeClient: (clientId: string): string => `/hallinta/suhteet/${part(clientId)}/yhdista`,
  /** POST: takes joined rows apart. */
  splitClient: (clientId: string, id: string): string => `/hallinta/suhteet/${part(clientId)}/yhdista/${part(id)}/pura`,
  /** GET the list and the form, POST a new one. */
  standIns: (): string => '/hallinta/sijaiset',
  /** GET the form, POST makes a code for somebody from another foundation. */
  invitations: (): string => '/hallinta/kutsut',
  /** GET asks for the code, POST shows what it means. */
  move: (): string => '/tiedot/siirto',
  /** POST: the client agrees. */
  agreeToMove: (): string => '/tiedot/siirto/suostumus',
  /** POST: opens the passport in another foundation. */
  otherPassport: (tenant: string): string => `/passi/toinen/${part(tenant)}`,
  /** POST. */
  endStandIn: (id: string): string => `/hallinta/sijaiset/${part(id)}/lopeta`,

  administration: (): string => '/hallinta',
  staff: (): string => '/hallinta/kayttajat',
  /** GET the form, POST makes the account and shows its link once. */
  newStaff: (): string => '/hallinta/kayttajat/uusi',
  staffMember: (id: string): string => `/hallinta/kayttajat/${part(id)}`,
  /** POST. */
  staffRoles: (id: string): string => `/hallinta/kayttajat/${part(id)}/roolit`,
  /** POST: shows a new link once. */
  staffLink: (id: string): string => `/hallinta/kayttajat/${part(id)}/linkki`,
  /** GET the check page, POST takes the second factor away. */
  staffFactor: (id: string): string => `/hallinta/kayttajat/${part(id)}/vahvistus`,
  /** GET the check page, POST closes the account. */
  closeStaff: (id: string): string => `/hallinta/kayttajat/${part(id)}/sulje`,
  /** POST. */
  openStaff: (id: string): string => `/hallinta/kayttajat/${part(id)}/avaa`,
  /** Work units: GET the list and the form, POST adds one. */
  units: (): string => '/hallinta/yksikot',
  /** GET the form for the name, POST it. */
  unit: (id: string): string => `/hallinta/yksikot/${part(id)}`,
  /** POST. */
  closeUnit: (id: string): string => `/hallinta/yksikot/${part(id)}/sulje`,
  /** POST. */
  openUnit: (id: string): string => `/hallinta/yksikot/${part(id)}/avaa`,
  /** GET the coaches of a unit and the form, POST one who begins. */
  unitCoaches: (id: string): string => `/hallinta/yksikot/${part(id)}/valmentajat`,
  /** POST. */
  endUnitCoach: (unitId: string, id: string): string =>
    `/hallinta/yksikot/${part(unitId)}/valmentajat/${part(id)}/lopeta`,
  signingKeys: (): string => '/hallinta/allekirjoitus',
  /** GET the check page, POST replaces the key in use. */
  rotateKey: (algorithm: string): string => `/hallinta/allekirjoitus/vaihda/${part(algorithm)}`,
  /** GET asks since when, POST shows the check page, then marks the key. */
  compromiseKey: (kid: string): string => `/hallinta/allekirjoitus/${part(kid)}/vuotanut`,
  /** The stop switch: GET asks why, POST turns it. */
  issuing: (): string => '/hallinta/allekirjoitus/myontaminen',
  /** POST. */
  signOut: (): string => '/kirjaudu/ulos',
  /** The front page, which says that the person is out. */
  signedOut: (): string => '/?ulos=1',

  passport: (): string => '/passi',
  /** POST: the taken badges as one signed collection. */
  passportFile: (): string => '/passi/tiedosto',
  passportAllSkills: (): string => '/passi?taidot=kaikki#skills',
  /** The passport, which says thanks. */
  passportAfterAssessing: (): string => '/passi?arvioitu=1',
  /** Links by which the client shows badges to somebody (PRODUCT A4). */
  shares: (): string => '/nayta',
  /** GET the form, POST it. */
  newShare: (): string => '/nayta/uusi',
  /** POST. */
  closeShare: (id: string): string => `/nayta/${part(id)}/sulje`,
  /** What such a link opens. */
  openShare: (token: string): string => `/j/${part(token)}`,
  assess: (taskId: string): string => `/passi/arvioi/${part(taskId)}`,
  badges: (): string => '/merkit',
  badge: (id: string): string => `/merkit/${part(id)}`,
  /** GET the check page of declining, POST: accept or decline an offered badge. */
  answerBadge: (id: string): string => `/merkit/${part(id)}/vastaus`,
  /** GET the check page of making it public, POST: public, or private again. */
  badgeVisibility: (id: string): string => `/merkit/${part(id)}/julkisuus`,
  /** POST: the hash of an e-mail address into an offered badge, or out of it. */
  badgeRecipient: (id: string): string => `/merkit/${part(id)}/saaja`,
  badgeFile: (id: string, file: BadgeFile): string => `/merkit/${part(id)}/lataa/${file}`,
  /** By the badge class: GET what the badge asks and how far one is, POST the application. */
  applyForBadge: (id: string): string => `/merkit/${part(id)}/hae`,
  applyCheck: (id: string): string => `/merkit/${part(id)}/hae/tarkista`,

  record: (): string => '/kirjaa',
  /** POST: the check page for several people at once (PRODUCT C2). */
  recordCheck: (): string => '/kirjaa/tarkista',
  /** POST. */
  undoRecord: (id: string): string => `/kirjaa/${part(id)}/kumoa`,
  /** GET the form, POST the correction. */
  correctRecord: (id: string): string => `/kirjaa/${part(id)}/korjaa`,
  /** The client's own records of work, each with its pictures and files. */
  ownEvidence: (): string => '/liitteet',
  /** Pictures and files of one record: GET the page, POST a new one. */
  evidence: (observationId: string): string => `/liitteet/${part(observationId)}`,
  /** GET the file itself. */
  evidenceFile: (id: string): string => `/liitteet/tiedosto/${part(id)}`,
  /** POST. */
  removeEvidenceFile: (id: string): string => `/liitteet/tiedosto/${part(id)}/poista`,
  group: (): string => '/ryhma',
  client: (id: string): string => `/ryhma/${part(id)}`,
  /** POST: a one-time code for the client. */
  clientCode: (id: string): string => `/ryhma/${part(id)}/koodi`,
  /** POST: a printed card for the client; the old one ends. */
  clientCard: (id: string): string => `/ryhma/${part(id)}/kortti`,
  /** POST: the card is lost. */
  endClientCard: (id: string): string => `/ryhma/${part(id)}/kortti/poista`,
  /** GET the check page, POST the proposal. */
  proposeBadge: (clientId: string, badgeClassId: string): string =>
    `/ryhma/${part(clientId)}/ehdota/${part(badgeClassId)}`,

  applications: (): string => '/hakemukset',
  application: (id: string): string => `/hakemukset/${part(id)}`,
  /** GET the check page, POST the decision. */
  decision: (id: string): string => `/hakemukset/${part(id)}/paatos`,
  /** POST: why a lead has to see the support levels behind the application. */
  supportLevels: (id: string): string => `/hakemukset/${part(id)}/tuki`,
  /** POST: the client agrees to a coach's proposal, or does not. */
  answerProposal: (id: string): string => `/hakemukset/${part(id)}/vastaus`,
  /** POST: the client takes an application back before it is decided. */
  withdrawApplication: (id: string): string => `/hakemukset/${part(id)}/peruutus`,
  /** GET the check page, POST the revocation. */
  revocation: (awardId: string): string => `/merkit/${part(awardId)}/peru`,
  modules: (): string => '/moduulit',
  module: (id: string): string => `/moduulit/${part(id)}`,

  endorsements: (): string => '/oppilaitos/suositukset',
  /** Badges of one foundation, to choose from. */
  badgesToEndorse: (code: string): string => `/oppilaitos/suositukset/merkit?saatio=${part(code)}`,
  /** GET the form, with what is endorsed when it is known; POST checks it, then gives it. */
  newEndorsement: (badge?: string): string =>
    `/oppilaitos/suositukset/uusi${badge === undefined ? '' : `?merkki=${part(badge)}`}`,
  /** GET the check page, POST takes it back. */
  withdrawEndorsement: (id: string): string => `/oppilaitos/suositukset/${part(id)}/peru`,
  /** The signed endorsement at its public address. */
  publicEndorsement: (school: string, id: string): string => `/o/${part(school)}/endorsements/${part(id)}`,

  verify: (): string => '/tarkista',
  /** The same with the address of a badge filled in. */
  verifyAddress: (address: string): string => `/tarkista?osoite=${part(address)}`,
  publicBadge: (publicId: string): string => `/b/${part(publicId)}`,
  publicBadgeFile: (publicId: string, file: 'png' | 'svg' | 'jwt' | 'json'): string => `/b/${part(publicId)}.${file}`,
  /** Pages of an issuer and of a badge class in one language: what their signed addresses show to people. */
  publicIssuer: (code: string): string => `/o/${part(code)}`,
  publicBadgeClass: (code: string, slug: string, version: number, language: string): string =>
    `/o/${part(code)}/badges/${part(slug)}/${version}/${part(language)}`,
  /** Picture of a badge class, as in its signed documents but on the origin of the pages (CSP `img-src 'self'`). */
  badgePicture: (code: string, slug: string, version: number, language: string): string =>
    `/o/${part(code)}/badges/${part(slug)}/${version}/${part(language)}.png`,
  /** The same as a motif without its text, for places of 64 px (PRODUCT §6). */
  badgePictureSmall: (code: string, slug: string, version: number, language: string): string =>
    `/o/${part(code)}/badges/${part(slug)}/${version}/${part(language)}.svg?size=128`,

  /** Keys of programs: GET the list and the form, POST makes one. */
  apiKeys: (): string => '/hallinta/avaimet',
  /** GET the check page, POST ends the key. */
  endApiKey: (id: string): string => `/hallinta/avaimet/${part(id)}/lopeta`,

  /** API resources: what a `Location` header says. */
  apiKeyResource: (id: string): string => `/api/v1/api-keys/${part(id)}`,
  award: (id: string): string => `/api/v1/awards/${part(id)}`,
  endorsement: (id: string): string => `/api/v1/endorsements/${part(id)}`,
  clientResource: (id: string): string => `/api/v1/clients/${part(id)}`,
  standInResource: (id: string): string => `/api/v1/stand-ins/${part(id)}`,
  observation: (id: string): string => `/api/v1/observations/${part(id)}`,
  evidenceFileResource: (id: string): string => `/api/v1/evidence-files/${part(id)}`,
  qualification: (id: string): string => `/api/v1/qualifications/${part(id)}`,
} as const

/** The same page in another language; other parts of the query stay. `path` starts with `/`. */
export function inLanguage(path: string, language: string): string {
  const url = new URL(path, 'http://localhost')
  url.searchParams.set('lang', language)
  return `${url.pathname}${url.search}`
}
