import type { Things } from './given-world.ts'

type Body = Readonly<Record<string, string | number | boolean | null>>

/** Pages and the API's answers that are the staff's way to something that the matrix lets a client read in other ways. */
export const staffOnly: readonly string[] = [
  '/hakemukset',
  '/hakemukset/:id',
  '/hakemukset/:id/tuki',
  '/api/v1/applications/:id/support-levels',
]

/** Where it is the thing's own state that decides, whoever asks: an erasure or a copy that nobody asked for, two who are not
 * one, a file that somebody else added. */
export const stateDecides: readonly string[] = [
  '/hallinta/pyynnot/:id/poisto',
  '/hallinta/pyynnot/:id/kopio.json',
  '/hallinta/pyynnot/:id/kopio.pdf',
  '/hallinta/pyynnot/:id/annettu',
  '/liitteet/tiedosto/:id/poista',
  '/api/v1/clients/:id/merges',
  '/api/v1/clients/:id/merges/:merge/split',
  '/hallinta/suhteet/:id/yhdista',
  '/hallinta/suhteet/:id/yhdista/:merge/pura',
  '/api/v1/evidence-files/:id/removal',
]

/** Queries without which an address says nothing of anybody. */
export const queries: Readonly<Record<string, (things: Things) => string>> = {
  '/api/v1/observations': ({ client }) => `?clientId=${client}`,
  '/api/v1/awards': ({ client }) => `?clientId=${client}`,
  '/hallinta/suhteet/:id/yhdista': ({ otherClient }) => `?toinen=${otherClient}`,
}

/** Bodies that reach the rule, so that it is the id that is judged. */
export const bodies: Readonly<Record<string, (things: Things) => Body>> = {
  '/api/v1/applications/:id/answer': () => ({ agree: true }),
  '/api/v1/applications/:id/decision': () => ({ outcome: 'award' }),
  '/api/v1/applications/:id/support-levels': () => ({ reason: 'quality' }),
  '/api/v1/applications/proposals': ({ client, freeBadgeClass }) => ({
    clientId: client,
    badgeClassId: freeBadgeClass,
  }),
  '/api/v1/awards/:id/answer': () => ({ accept: true }),
  '/api/v1/awards/:id/visibility': () => ({ public: true }),
  '/api/v1/awards/:id/recipient': () => ({ email: 'maija@example.fi' }),
  '/api/v1/awards/:id/revocation': () => ({ reason: 'misuse' }),
  '/api/v1/clients/:id/coaches': ({ coach }) => ({ coachId: coach, fromDay: '2026-11-22' }),
  '/api/v1/clients/:id/unit': () => ({ unitId: null }),
  '/api/v1/work-units/:id/coaches': ({ coach }) => ({ coachId: coach, fromDay: '2026-11-22' }),
  '/api/v1/clients/:id/merges': ({ otherClient }) => ({ fromClientId: otherClient }),
  '/api/v1/clients/:id/name': () => ({ givenName: 'Maija', familyName: 'Korhonen' }),
  '/api/v1/clients/:id/protection': () => ({ protected: false }),
  '/api/v1/keys/:kid/compromise': () => ({ since: '2026-11-01T00:00:00Z' }),
  '/api/v1/observations': ({ client, task }) => ({
    clientId: client,
    taskId: task,
    supportLevel: 'minor',
    observedOn: '2026-11-22',
  }),
  '/merkit/:id/vastaus': () => ({ answer: 'accept' }),
  '/merkit/:id/julkisuus': () => ({ public: 'yes' }),
  '/merkit/:id/saaja': () => ({ email: 'maija@example.fi' }),
  '/merkit/:id/peru': () => ({ step: 'send', reason: 'misuse', idempotencyKey: 'k' }),
  '/hakemukset/:id/vastaus': () => ({ answer: 'agree' }),
  '/hakemukset/:id/tuki': () => ({ why: 'quality' }),
  '/hakemukset/:id/paatos': () => ({ step: 'send', outcome: 'award', idempotencyKey: 'k' }),
  '/kirjaa/:id/korjaa': () => ({ task: 'x', support: 'minor', date: '2026-11-22', replaceReason: 'Väärä päivä' }),
  '/passi/arvioi/:task': () => ({ choice: '3' }),
  '/hallinta/suhteet/:id/turvakielto': () => ({ protected: 'no' }),
  '/hallinta/suhteet/:id/yhdista': ({ otherClient }) => ({ toinen: otherClient }),
  '/hallinta/pyynnot/:id': () => ({ answer: 'Korjattu' }),
}
