import { z } from 'zod'
import { requireClient } from '../clients/client.ts'
import type { FeatureDeps } from '../features.ts'
import { askerOf, clientOf, staffOf, workerOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { sessionOf } from '../http/session-tokens.ts'
import { getIdempotencyKey } from '../http/idempotency-key.ts'
import { idOfCursor, listOf, ListQuery, pageOf } from '../http/list.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { widestReach } from '../matrix/rows.ts'
import { paths } from '../web/paths.ts'
import { answerAward, setAwardVisibility } from './answer.ts'
import { answerProposal, applyForBadge, proposeBadge, withdrawApplication } from './application.ts'
import { decideApplication } from './award.ts'
import { applicationBody } from './bodies.ts'
import { awardBody, getAward, listApplications, pageOfAwards } from './list.ts'
import { decideMany } from './many.ts'
import { readMarks } from './marks.ts'
import { setEmailRecipient } from './recipient.ts'
import { revokeAward } from './revoke.ts'
import {
  ApplicationBody,
  ApplicationDetail,
  ApplicationRef,
  Applied,
  applicationStates,
  AwardAnswer,
  AwardAnswerBody,
  AwardRef,
  AwardVisibility,
  Decided,
  DecidedRows,
  Decision,
  Decisions,
  DecisionsQuery,
  NewApplication,
  NewProposal,
  NewRecipient,
  ProposalAnswer,
  RecipientBody,
  Revocation,
  RevokedBody,
} from './schema.ts'
import { asTenant } from '../db/connect.ts'

const ApplicationQuery = ListQuery.extend({ state: z.enum(applicationStates).optional() })
const AwardQuery = ListQuery.extend({ clientId: z.uuid().toLowerCase().optional() })

/** Applications, their decision and what follows. The one way to an award is `POST /applications/{id}/decision` (DESIGN, The award path 1). */
export function awardRoutes(app: App, deps: FeatureDeps): void {
  const today = (): string => dayInHelsinki(deps.now())

  app.post(
    '/api/v1/applications',
    {
      schema: { body: NewApplication, response: { 200: Applied, 201: Applied } },
      config: { permit: 'application:create' },
    },
    async (request, reply) => {
      const applied = await applyForBadge(deps, clientOf(request), request.body)
      return await reply.code(applied.created ? 201 : 200).send({ id: applied.id, state: applied.state })
    },
  )
  app.post(
    '/api/v1/applications/proposals',
    {
      schema: { body: NewProposal, response: { 200: Applied, 201: Applied } },
      config: { permit: 'application:propose' },
    },
    async (request, reply) => {
      const actor = workerOf(request)
      await requireClient(deps, actor, request.body.clientId, today(), undefined, 'application:propose')
      const applied = await proposeBadge(deps, actor, request.body)
      return await reply.code(applied.created ? 201 : 200).send({ id: applied.id, state: applied.state })
    },
  )
  app.post(
    '/api/v1/applications/:id/answer',
    {
      schema: { params: ApplicationRef, body: ProposalAnswer, response: { 200: Applied } },
      config: { permit: 'application:answer' },
    },
    async (request) => await answerProposal(deps, clientOf(request), { ...request.params, ...request.body }),
  )
  app.post(
    '/api/v1/applications/:id/withdrawal',
    { schema: { params: ApplicationRef, response: { 200: Applied } }, config: { permit: 'application:answer' } },
    async (request) => await withdrawApplication(deps, clientOf(request), request.params.id),
  )
  app.get(
    '/api/v1/applications',
    {
      schema: {
        querystring: ApplicationQuery,
        response: { 200: listOf(ApplicationBody) },
      },
      config: { permit: 'application:read' },
    },
    async (request) => {
      const { state, limit, cursor } = request.query
      const found = await listApplications(deps, askerOf(request), today(), {
        ...(state === undefined ? {} : { states: [state] }),
        page: { after: idOfCursor(cursor), limit: limit + 1 },
      })
      return pageOf(found, limit, applicationBody)
    },
  )
  app.get(
    '/api/v1/applications/:id',
    {
      schema: { params: ApplicationRef, response: { 200: ApplicationDetail } },
      config: { permit: 'application:read' },
    },
    async (request) => {
      const actor = askerOf(request)
      const [found] = await listApplications(deps, actor, today(), { id: request.params.id })
      if (!found) throw new Refusal('not-found', 'There is no such application')
      const marks = actor.kind === 'staff' ? await readMarks(deps.db, actor.tenant, found.id) : []
      return { ...applicationBody(found), marks: [...marks] }
    },
  )
  app.post(
    '/api/v1/applications/:id/decision',
    {
      schema: { params: ApplicationRef, body: Decision, response: { 200: Decided, 201: Decided } },
      config: { permit: 'application:decide', sessionByRule: true },
    },
    async (request, reply) => {
      const wanted = { ...request.params, ...request.body, idempotencyKey: getIdempotencyKey(request) }
      const { created, replayed, ...decided } = await decideApplication(deps, sessionOf(request), wanted, deps.now())
      if (created && decided.award) void reply.code(201).header('location', paths.award(decided.award.id))
      if (replayed) void reply.header('idempotent-replayed', 'true')
      return await reply.send(decided)
    },
  )

  app.post(
    '/api/v1/applications/decisions',
    {
      schema: { querystring: DecisionsQuery, body: Decisions, response: { 200: DecidedRows } },
      config: { permit: 'application:decide', rateLimit: 'bulk' },
      // S-48: bulk bodies up to 2 MB.
      bodyLimit: 2 * 1024 * 1024,
    },
    async (request) => {
      const dryRun = request.query.dryRun === 'true'
      const wanted = { ...request.body, idempotencyKey: getIdempotencyKey(request), dryRun }
      return { dryRun, data: [...(await decideMany(deps, staffOf(request), wanted, deps.now()))] }
    },
  )

  app.get(
    '/api/v1/awards',
    {
      schema: {
        querystring: AwardQuery,
        response: { 200: listOf(AwardAnswerBody) },
      },
      config: { permit: 'award:read' },
    },
    async (request) => {
      const actor = askerOf(request)
      const { limit, cursor } = request.query
      if (actor.kind === 'client' && (request.query.clientId ?? actor.clientId) !== actor.clientId)
        throw new Refusal('not-found', 'There is no such client')
      const clientId = actor.kind === 'client' ? actor.clientId : request.query.clientId
      if (clientId === undefined && actor.kind !== 'machine') {
        throw new Refusal('content', 'Say whose awards: clientId', {
          fields: [{ pointer: '/querystring/clientId', code: 'required', detail: 'Give the id of a client' }],
        })
      }
      if (actor.kind !== 'client' && clientId !== undefined)
        await requireClient(deps, actor, clientId, today(), undefined, 'award:read')
      const wanted = { clientId, before: idOfCursor(cursor), limit: limit + 1 }
      const found = await asTenant(deps.db, actor.tenant, async (trx) => await pageOfAwards(trx, actor.tenant, wanted))
      return pageOf(found, limit, awardBody)
    },
  )
  app.get(
    '/api/v1/awards/:id',
    { schema: { params: AwardRef, response: { 200: AwardAnswerBody } }, config: { permit: 'award:read' } },
    async (request) => {
      const actor = askerOf(request)
      const award = await getAward(deps.db, actor, request.params.id)
      // S-12: a coach reads those of the own clients. Those of the whole foundation are there also when their holder has left.
      if (actor.kind === 'staff' && widestReach(actor.roles, 'award:read') !== 'foundation')
        await requireClient(deps, actor, award.clientId, today(), 'There is no such award', 'award:read')
      return awardBody(award)
    },
  )
  app.post(
    '/api/v1/awards/:id/answer',
    {
      schema: {
        params: AwardRef,
        body: AwardAnswer,
        response: { 200: z.object({ state: z.enum(['accepted', 'declined']) }) },
      },
      config: { permit: 'award:answer' },
    },
    async (request) => await answerAward(deps, clientOf(request), { ...request.params, ...request.body }),
  )
  app.put(
    '/api/v1/awards/:id/recipient',
    {
      schema: { params: AwardRef, body: NewRecipient, response: { 200: RecipientBody } },
      config: { permit: 'award:answer' },
    },
    async (request) => await setEmailRecipient(deps, clientOf(request), { ...request.params, ...request.body }),
  )
  app.post(
    '/api/v1/awards/:id/visibility',
    {
      schema: { params: AwardRef, body: AwardVisibility, response: { 200: z.object({ public: z.boolean() }) } },
      config: { permit: 'award:answer' },
    },
    async (request) => await setAwardVisibility(deps, clientOf(request), { ...request.params, ...request.body }),
  )
  app.post(
    '/api/v1/awards/:id/revocation',
    {
      schema: { params: AwardRef, body: Revocation, response: { 200: RevokedBody, 201: RevokedBody } },
      config: { permit: 'award:revoke' },
    },
    async (request, reply) => {
      const wanted = { ...request.params, ...request.body, idempotencyKey: getIdempotencyKey(request) }
      const { replayed, created, ...revoked } = await revokeAward(deps, staffOf(request), wanted, deps.now())
      if (replayed) void reply.header('idempotent-replayed', 'true')
      return await reply
        .code(created || replayed ? 201 : 200)
        .send({ awardId: revoked.awardId, at: revoked.at.toISOString(), reason: revoked.reason })
    },
  )
}
