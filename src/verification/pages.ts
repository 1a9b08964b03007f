import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, sendPage } from '../http/pages.ts'
import { messages } from '../i18n/index.ts'
import { parsePublicPath } from '../publication/public-path.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import { hasNoBadge, sharedToken } from './found.ts'
import { readParts } from './parts.ts'
import { longestRecipient } from './schema.ts'
import { presentVerdict, type PresentedVerdict } from './present.ts'
import { verifyPresented } from './verify.ts'
import { answerView, askView, nothingFoundView, pageLinkView } from './views.ts'

/** A link from elsewhere may fill the field; one that is too long to be an address fills nothing. */
const Link = z.object({ osoite: z.string().max(2048).optional().catch(undefined) })

/** `/tarkista`, open to all (PRODUCT S1). Nothing is stored, so the answer comes straight after the form. */
export function verificationPages(app: App, deps: FeatureDeps): void {
  app.get('/tarkista', { schema: { querystring: Link }, config: { permit: 'anyone' } }, async (request, reply) => {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, nav: 'verify', ...askView(context, { text: request.query.osoite }) })
  })

  // A file that is too large comes cut short, so that the form can be shown again with what was typed.
  const multipartOptions = { throwFileSizeLimit: false }
  app.post(
    '/tarkista',
    { config: { permit: 'anyone', rateLimit: 'verify', multipartOptions } },
    async (request, reply) => {
      const context = { ...pageContext(request, reply), path: paths.verify() }
      const asked = await readForm(request)
      if ('errors' in asked) {
        return await sendPage(reply, { context, nav: 'verify', errors: asked.errors, ...askView(context, asked) })
      }
      const token = sharedToken(deps.config.pagesOrigin, asked.bytes)
      if (token !== undefined) {
        const view = pageLinkView(context, paths.openShare(token), asked)
        return await sendPage(reply, { context, nav: 'verify', ...view })
      }
      const answer = await verifyPresented(deps, asked, deps.now())
      if (hasNoBadge(asked.bytes, answer))
        return await sendPage(reply, { context, nav: 'verify', ...nothingFoundView(context, asked) })
      const verdict = presentVerdict(answer, context.lang)
      const view = answerView(context, verdict, ownPicture(verdict, deps.config.publicOrigin))
      return await sendPage(reply, { context, nav: 'verify', ...view })
    },
  )
}

type Asked =
  | { readonly bytes: Uint8Array; readonly text: string; readonly recipient?: string | undefined }
  | { readonly text: string; readonly recipient: string; readonly errors: readonly FieldError[] }

/** The chosen file, else the text: a field that a link filled, or one that was left from before, does not stand against a file. */
async function readForm(request: FastifyRequest): Promise<Asked> {
  const t = messages(request.language)
  const { texts, files, tooLarge } = await readParts(request.body)
  const text = texts.get('badge') ?? ''
  const given = (texts.get('recipient') ?? '').trim()
  const again = (field: string, message: string, kept = text): Asked => ({
    text: kept,
    recipient: given.slice(0, longestRecipient),
    errors: [{ field, message }],
  })
  const file = files.get('file')
  // A browser sends an empty part without a name when no file was chosen.
  const isChosen = file !== undefined && (file.name !== '' || file.bytes.length > 0)
  if (isChosen && tooLarge.has('file')) return again('file', t.verify.tooLarge)
  if (!isChosen && tooLarge.has('badge')) return again('badge', t.verify.textTooLong, '')
  if (!isChosen && text.trim() === '') return again('badge', t.verify.nothingGiven, '')
  if (given.length > longestRecipient) return again('recipient', t.error.tooLong({ count: longestRecipient }))
  return { bytes: isChosen ? file.bytes : Buffer.from(text), text, recipient: given === '' ? undefined : given }
}

/** The badge's picture, when it is one of ours: any other would be a request to another host (S-41). */
function ownPicture({ credential }: PresentedVerdict, origin: string): string | undefined {
  const address = credential?.image
  if (address === undefined || !address.startsWith(`${origin}/`)) return undefined
  const path = address.slice(origin.length)
  const picture = parsePublicPath(path)
  return picture?.kind === 'picture' && picture.form === 'png' ? path : undefined
}
