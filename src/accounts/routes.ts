import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { requireClient } from '../clients/client.ts'
import type { FeatureDeps } from '../features.ts'
import { clientOf, staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { bearerSeconds } from '../http/session-tokens.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { paths } from '../web/paths.ts'
import { endCard, handOutCard, signInWithCard } from './card.ts'
import { handOutCode, signInWithCode } from './client-sign-in.ts'
import { listHandOuts } from './hand-outs.ts'
import { beginSecondFactor, changePassword, passSecondFactor, setUpSecondFactor } from './own-account.ts'
import {
  BeginFactor,
  CardSignIn,
  ClientRef,
  CodeSignIn,
  FactorKey,
  FactorSet,
  FactorSignIn,
  HandedOutCard,
  HandedOutCode,
  HandOuts,
  NewPassword,
  StaffSignIn,
  Token,
} from './schema.ts'
import { readNewFactor } from './second-factor.ts'
import { newBrowserMark, type Origin, type SignedIn, signInStaff } from './sign-in.ts'

/** Sign-in for programs: a bearer token for 15 minutes (S-13), and what a person settles of the own account. */
export function accountRoutes(app: App, deps: FeatureDeps): void {
  // A program has no browser that somebody else could have used before: each session has a mark of its own (S-15).
  const machine = ({ ip }: FastifyRequest): Origin => ({ address: ip, browser: newBrowserMark() })

  const tokenOf = (session: SignedIn): z.infer<typeof Token> => ({
    token: app.sessions.bearerToken(session),
    expiresIn: bearerSeconds,
    wants: session.wants ?? null,
  })

  app.post(
    '/api/v1/tokens',
    { schema: { body: StaffSignIn, response: { 200: Token } }, config: { permit: 'public' } },
    async (request, reply) => {
      const { name, password, code } = request.body
      const origin = machine(request)
      const session = await signInStaff(deps, name, password, origin)
      const { accountId, wants } = session
      if (code === undefined || accountId === undefined || wants !== 'second-factor')
        return await unstored(reply).send(tokenOf(session))
      const whole = await passSecondFactor(deps, { ...session, accountId }, code, origin)
      return await unstored(reply).send(tokenOf(whole))
    },
  )
  app.post(
    '/api/v1/tokens/second-factor',
    {
      schema: { body: FactorSignIn, response: { 200: Token } },
      config: { permit: 'account:own', opensTo: ['second-factor'] },
    },
    async (request, reply) => {
      const session = await passSecondFactor(deps, staffOf(request), request.body.code, machine(request))
      return await unstored(reply).send(tokenOf(session))
    },
  )
  app.post(
    '/api/v1/tokens/code',
    { schema: { body: CodeSignIn, response: { 200: Token } }, config: { permit: 'public' } },
    async (request, reply) => {
      const session = await signInWithCode(deps, request.body.code, false, machine(request))
      return await unstored(reply).send(tokenOf(session))
    },
  )
  app.post(
    '/api/v1/tokens/card',
    { schema: { body: CardSignIn, response: { 200: Token } }, config: { permit: 'public' } },
    async (request, reply) => {
      const session = await signInWithCard(deps, { ...request.body, shared: false }, machine(request))
      return await unstored(reply).send(tokenOf(session))
    },
  )

  ownAccountRoutes(app, deps, machine, tokenOf)
  handOutRoutes(app, deps)
}

/** The second factor and the password of whoever asks: the same rules as on `/tili`. */
function ownAccountRoutes(
  app: App,
  deps: FeatureDeps,
  machine: (request: FastifyRequest) => Origin,
  tokenOf: (session: SignedIn) => z.infer<typeof Token>,
): void {
  app.post(
    '/api/v1/second-factor',
    {
      schema: { body: BeginFactor, response: { 201: FactorKey } },
      config: { permit: 'account:own', opensTo: ['enrolment'] },
    },
    async (request, reply) => {
      const actor = staffOf(request)
      await beginSecondFactor(deps, actor, request.body.password ?? '', request.ip)
      const key = await readNewFactor(deps, actor, actor.name)
      if (!key) throw new Error('a key that was just made is not there')
      return await unstored(reply).code(201).send(key)
    },
  )
  app.post(
    '/api/v1/second-factor/confirmation',
    {
      schema: { body: FactorSignIn, response: { 200: FactorSet } },
      config: { permit: 'account:own', opensTo: ['enrolment'] },
    },
    async (request, reply) => {
      const { code } = request.body
      const { session, recoveryCodes } = await setUpSecondFactor(deps, staffOf(request), code, machine(request))
      return await unstored(reply).send({ ...tokenOf(session), recoveryCodes: [...recoveryCodes] })
    },
  )
  app.post(
    '/api/v1/password',
    { schema: { body: NewPassword, response: { 200: Token } }, config: { permit: 'account:own' } },
    async (request, reply) => {
      const { password: current, next } = request.body
      const session = await changePassword(deps, staffOf(request), { current, next }, machine(request))
      return await unstored(reply).send(tokenOf(session))
    },
  )
}

/** Codes and cards for clients, and what the client sees of them (S-15). */
function handOutRoutes(app: App, deps: FeatureDeps): void {
  app.post(
    '/api/v1/clients/:id/codes',
    { schema: { params: ClientRef, response: { 201: HandedOutCode } }, config: { permit: 'code:hand-out' } },
    async (request, reply) => {
      const actor = staffOf(request)
      await requireClient(deps, actor, request.params.id, dayInHelsinki(deps.now()))
      const { code, expiresAt } = await handOutCode(deps, actor, request.params.id)
      return await unstored(reply).code(201).send({ code, expiresAt: expiresAt.toISOString() })
    },
  )
  app.post(
    '/api/v1/clients/:id/cards',
    { schema: { params: ClientRef, response: { 201: HandedOutCard } }, config: { permit: 'card:hand-out' } },
    async (request, reply) => {
      const actor = staffOf(request)
      await requireClient(deps, actor, request.params.id, dayInHelsinki(deps.now()))
      const { card, pin, expiresAt } = await handOutCard(deps, actor, request.params.id)
      const address = `${deps.config.pagesOrigin}${paths.card(card)}`
      return await unstored(reply).code(201).send({ card, address, pin, expiresAt: expiresAt.toISOString() })
    },
  )
  app.post(
    '/api/v1/clients/:id/cards/end',
    { schema: { params: ClientRef }, config: { permit: 'card:hand-out' } },
    async (request, reply) => {
      const actor = staffOf(request)
      await requireClient(deps, actor, request.params.id, dayInHelsinki(deps.now()))
      await endCard(deps, actor.tenant, request.params.id)
      return await reply.code(204).send()
    },
  )
  app.get(
    '/api/v1/hand-outs',
    { schema: { response: { 200: HandOuts } }, config: { permit: 'hand-out:read' } },
    async (request) => {
      const actor = clientOf(request)
      const handOuts = await listHandOuts(deps, actor.tenant, actor.clientId, deps.now())
      const data = handOuts.map(({ at, usedAt, ...one }) => ({
        ...one,
        at: at.toISOString(),
        usedAt: usedAt && usedAt.toISOString(),
      }))
      return { data }
    },
  )
}

/** Kept by nobody on the way: the answer opens something. */
function unstored(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store')
}
