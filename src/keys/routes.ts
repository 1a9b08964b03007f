import type { FeatureDeps } from '../features.ts'
import { type StaffActor, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { listOf, type Page } from '../http/list.ts'
import { Refusal } from '../refusal.ts'
import { byOf } from './add-key.ts'
import { compromiseKey } from './compromise.ts'
import { setIssuing } from './issuing-switch.ts'
import { type KeyView, listKeys } from './list.ts'
import { rotateKey } from './rotate.ts'
import {
  CompromisedBody,
  KeyQuery,
  KeyRef,
  NewCompromise,
  NewRotation,
  RotatedBody,
  SigningKeyBody,
  SwitchBody,
  TurnSwitch,
} from './schema.ts'
import { readSwitch } from './switch-log.ts'

/** Signing keys and the stop switch by API: what `/hallinta/allekirjoitus` does (S-22, S-25). */
export function keyRoutes(app: App, deps: FeatureDeps): void {
  const list = { querystring: KeyQuery, response: { 200: listOf(SigningKeyBody) } }
  app.get('/api/v1/keys', { schema: list, config: { permit: 'signing-key:rotate' } }, async (request) => {
    const { limit, cursor } = request.query
    return pageOfKeys(await listKeys(deps.db, staffOf(request).tenant), limit, cursor)
  })

  const rotation = { body: NewRotation, response: { 200: RotatedBody, 201: RotatedBody } }
  app.post(
    '/api/v1/keys/rotations',
    { schema: rotation, config: { permit: 'signing-key:rotate' } },
    async (request, reply) => {
      const actor = staffOf(request)
      const { algorithm, instead } = request.body
      const wanted = { algorithm, by: byOf(actor), ...(instead !== undefined && { instead }) }
      const rotated = await rotateKey(deps, actor.tenant, wanted)
      return await reply.code(rotated.created ? 201 : 200).send(rotated)
    },
  )

  const compromise = { params: KeyRef, body: NewCompromise, response: { 200: CompromisedBody } }
  app.post(
    '/api/v1/keys/:kid/compromise',
    { schema: compromise, config: { permit: 'signing-key:retire' } },
    async (request) => {
      const actor = staffOf(request)
      const { kid } = request.params
      const done = await compromiseKey(deps, actor.tenant, {
        kid,
        since: new Date(request.body.since),
        by: byOf(actor),
      })
      return { ...done, since: done.since.toISOString() }
    },
  )

  const permit = 'issuing:switch'
  app.get(
    '/api/v1/issuing',
    { schema: { response: { 200: SwitchBody } }, config: { permit } },
    async (request) => await switchBody(deps, staffOf(request)),
  )

  const turn = { body: TurnSwitch, response: { 200: SwitchBody } }
  app.put('/api/v1/issuing', { schema: turn, config: { permit } }, async (request) => {
    const actor = staffOf(request)
    await setIssuing(deps, actor.tenant, { ...request.body, by: byOf(actor) })
    return await switchBody(deps, actor)
  })
}

async function switchBody(deps: FeatureDeps, { tenant }: StaffActor): Promise<SwitchBody> {
  const { stoppedAt, isStoppedForAll } = await readSwitch(deps, tenant)
  return { stopped: stoppedAt !== null, since: stoppedAt?.toISOString() ?? null, stoppedForAll: isStoppedForAll }
}

/** Few keys, in the order of the page: the cursor is the last one's name. */
function pageOfKeys(keys: readonly KeyView[], limit: number, cursor: string | undefined): Page<SigningKeyBody> {
  const after = cursor === undefined ? -1 : keys.findIndex(({ kid }) => cursorOf(kid) === cursor)
  if (cursor !== undefined && after < 0)
    throw new Refusal('content', '/querystring/cursor: this cursor is not one of ours', { code: 'cursor' })
  const shown = keys.slice(after + 1, after + 1 + limit)
  const last = after + 1 + limit < keys.length ? shown.at(-1) : undefined
  return { data: shown.map(keyBody), page: { next: last ? cursorOf(last.kid) : null } }
}

function cursorOf(kid: string): string {
  return Buffer.from(kid).toString('base64url')
}

function keyBody({ kid, algorithm, state, createdAt, retiredAt, compromisedAt }: KeyView): SigningKeyBody {
  return {
    kid,
    algorithm,
    state,
    createdAt: createdAt.toISOString(),
    retiredAt: retiredAt?.toISOString() ?? null,
    compromisedAt: compromisedAt?.toISOString() ?? null,
  }
}
