import { recordedHere } from '../awards/recorded.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isJsonList, isJsonObject } from '../credentials/json.ts'
import { embeddedDocument } from '../credentials/issue.ts'
import { verify } from '../credentials/verify.ts'
import { signedDocument } from '../endorsements/document.ts'
import type { App } from '../http/app-type.ts'
import { ownPath } from '../http/pages.ts'
import { sandbox } from '../http/security.ts'
import { messages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { renderPage } from '../web/html.ts'
import { page } from '../web/layout.ts'
import { askedFirst } from './accept.ts'
import type { PageFacts, PublicDocument } from './document.ts'
import { findDocument, type PublicationDeps } from './documents.ts'
import { lookAtOwn } from './look.ts'
import { awardView, hiddenView, revokedView } from './award-views.ts'
import { achievementView, issuerView, type PublicView, type Words } from './views.ts'

const html = 'text/html'
const addresses = ['/.well-known/jwks.json', '/o/:code', '/o/:code/*', '/b/:award', '/b/:award/*'] as const

/** What strangers fetch (DESIGN, Public addresses): documents, pictures and pages that need no session and look at no cookie but the language. */
export function publicationRoutes(app: App, deps: PublicationDeps): void {
  const config = { permit: 'public', openToAll: true } as const
  for (const address of addresses) {
    app.get(address, { config }, async (request, reply) => await answer(deps, request, reply))
    app.options(address, { config }, async (_, reply) => {
      void reply.header('access-control-allow-methods', 'GET, HEAD').header('access-control-max-age', '86400')
      return await reply.header('access-control-allow-headers', 'accept, if-none-match').code(204).send()
    })
  }
}

async function answer(deps: PublicationDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  void reply.header('x-robots-tag', 'noindex')
  const document = await findDocument(deps, pathOf(request.url))
  if (!document) {
    void reply.header('cache-control', 'no-store')
    throw new Refusal('not-found', 'There is nothing at this address')
  }
  const type = askedFirst(request.headers.accept, offersOf(document))
  if (type === html && document.page) return await sendPublicPage(deps, request, reply, document, document.page)
  return await sendDocument(request, reply, document, type)
}

/** The path as our documents spell it; of a query only the picture's size means anything. */
function pathOf(url: string): string {
  const [path = '', query = ''] = url.split('?')
  if (query === '') return path
  return new URLSearchParams(query).get('size') === '128' ? `${path}?size=128` : path
}

function offersOf({
  contentType,
  contentTypes,
  page: shown,
  isPageFirst,
}: PublicDocument): readonly [string, ...string[]] {
  if (!shown) return [contentType, ...contentTypes]
  return isPageFirst ? [html, ...contentTypes] : [contentType, ...contentTypes, html]
}

async function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, etag, maxAge, contentTypes }: PublicDocument,
  type: string,
): Promise<FastifyReply> {
  void reply.header('etag', etag).header('cache-control', maxAge === 0 ? 'no-cache' : `public, max-age=${maxAge}`)
  if (contentTypes.length > 1) void reply.header('vary', 'accept')
  if (type.startsWith('image/')) void reply.header('content-security-policy', sandbox)
  if (status === 200 && isKnown(request.headers['if-none-match'], etag)) return await reply.code(304).send()
  return await reply.code(status).header('content-type', type).send(body)
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch === '*' || ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}

async function sendPublicPage(
  deps: PublicationDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  document: PublicDocument,
  facts: PageFacts,
): Promise<FastifyReply> {
  const lang = request.language
  const t = messages(lang)
  const view = await viewOf(deps, { t, lang }, facts)
  const path = request.method === 'GET' ? ownPath(request.url) : '/'
  return await reply
    .code(document.status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-language', lang)
    // The verdict on the page is of this moment.
    .header('cache-control', 'no-store')
    .header('vary', 'accept, accept-language, cookie')
    .send(renderPage(page({ ...view, t, lang, path })))
}

async function viewOf(deps: PublicationDeps, words: Words, facts: PageFacts): Promise<PublicView> {
  switch (facts.kind) {
    case 'issuer':
      return issuerView(words, facts.issuer)
    case 'achievement':
      return achievementView(words, facts.badgeClass)
    case 'hidden':
      return hiddenView(words)
    case 'revoked':
      return revokedView(words, facts.at, words.t.awards.reasons[facts.reason])
    case 'award':
      return await shownAward(deps, words, facts)
  }
}

/** The page shows what is signed, not what lies beside it in the database, and what our own verifier says of it now. */
async function shownAward(
  deps: PublicationDeps,
  words: Words,
  { publicId, ob3Jwt, hasEmbedded, endorsements }: Extract<PageFacts, { kind: 'award' }>,
): Promise<PublicView> {
  const verdict = await verify(new TextEncoder().encode(ob3Jwt), lookAtOwn(deps), {
    at: deps.now(),
    history: recordedHere(deps),
  })
  if (!verdict.credential) throw new Error('a stored credential could not be read')
  return awardView(words, {
    publicId,
    verdict,
    credential: verdict.credential,
    evidence: evidenceOf(ob3Jwt),
    hasEmbedded,
    endorsements: endorsements.map(signedDocument),
    publicOrigin: deps.config.publicOrigin,
  })
}

function evidenceOf(ob3Jwt: string): string {
  const { evidence } = embeddedDocument(ob3Jwt)
  const first = isJsonList(evidence) ? evidence[0] : undefined
  const narrative = isJsonObject(first) ? first['narrative'] : undefined
  return typeof narrative === 'string' ? narrative : ''
}
