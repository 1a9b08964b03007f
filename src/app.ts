import { randomUUID } from 'node:crypto'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { findActor } from './accounts/session.ts'
import { keyedDigest } from './accounts/sign-in-code.ts'
import { createIssuing } from './awards/issuing.ts'
import { auditRefusals } from './audit/denied.ts'
import { takeAllowance } from './db/rate-limit.ts'
import type { Deps } from './deps.ts'
import { features } from './features.ts'
import { accessTokens } from './http/access-tokens.ts'
import type { App } from './http/app-type.ts'
import { assetRoutes } from './http/assets.ts'
import { errorAnswers } from './http/errors.ts'
import { healthRoutes } from './http/health.ts'
import { closeWhenIdle } from './http/in-flight.ts'
import { pageLanguage } from './http/pages.ts'
import { everyRouteIsInTheMatrix } from './http/permissions.ts'
import { rateLimits } from './http/rate-limits.ts'
import { readableRequests } from './http/readable.ts'
import { formSecurity, securityHeaders } from './http/security.ts'
import { sessionTokens } from './http/session-tokens.ts'
import { unroutable } from './http/unroutable.ts'
import { findMachine } from './integrations/machine.ts'

/** Ordinary bodies; routes that take more say so (S-48). */
const bodyLimit = 256 * 1024

/** The whole service without a port. Tests use this; main.ts listens with it. */
export async function buildApp(deps: Deps): Promise<App> {
  const { config } = deps
  const secure = config.pagesOrigin.startsWith('https:')
  const app: App = fastify({
    bodyLimit,
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // Longer than a head may be: a long id goes the way of every other that is not there.
    routerOptions: { maxParamLength: 65_536 },
    logger: false,
    ...unroutable({ log: deps.log, problemOrigin: config.publicOrigin, secure }),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  everyRouteIsInTheMatrix(app)
  errorAnswers(app, { log: deps.log, problemOrigin: config.publicOrigin })
  closeWhenIdle(app)
  // Hooks of every request that wait for nothing are called back: a promise for each would cost more than they do.
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('request-id', request.id)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    // S-50: the route's pattern, never the address itself; no body, query, name or token.
    deps.log.info(
      {
        request: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(request.actor ? { tenant: request.actor.tenant, actor: actorId(request.actor) } : {}),
        ...(request.machine ? { tenant: request.machine.tenant, actor: request.machine.accountId } : {}),
      },
      'answered',
    )
    done()
  })
  await securityHeaders(app, { secure })
  const limits = rateLimits({
    numbers: config.rateLimits,
    now: () => deps.now(),
    digest: (text) => keyedDigest(deps.secrets.codePepper, 'limit', text),
    take: async (wanted) => await takeAllowance(deps.db, wanted),
  })
  limits.networks(app)
  await sessionTokens(app, {
    secret: deps.secrets.sessionSecret,
    issuer: config.pagesOrigin,
    secureCookies: secure,
    now: () => deps.now(),
    findActor: async (session) => await findActor(deps, session, deps.now()),
    findMachine: async (proof) => await findMachine(deps, proof),
    counted: limits.asker,
  })
  auditRefusals(app, deps)
  accessTokens(app, { secret: deps.secrets.sessionSecret, origin: config.publicOrigin, now: () => deps.now() })
  pageLanguage(app, { secureCookies: secure })
  await app.register(formbody, { bodyLimit })
  await app.register(multipart, {
    attachFieldsToBody: true,
    limits: { fileSize: 1_048_576, files: 1, fields: 20, fieldSize: 1_048_576, parts: 24 },
  })
  readableRequests(app)
  await formSecurity(app, { pagesOrigin: config.pagesOrigin, secure })
  assetRoutes(app)
  healthRoutes(app, deps)
  features(app, { ...deps, issuing: createIssuing(deps) })
  return app
}

function actorId(actor: { kind: 'staff'; accountId: string } | { kind: 'client'; clientId: string }): string {
  return actor.kind === 'staff' ? actor.accountId : actor.clientId
}
