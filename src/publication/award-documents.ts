import { bakedPng, bakedSvg } from '../badges/picture.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import { contentTypes } from '../credentials/content-types.ts'
import { isJsonObject, type JsonObject } from '../credentials/json.ts'
import type { Deps } from '../deps.ts'
import { messages } from '../i18n/index.ts'
import { bakedOf } from './baked.ts'
import { documentOf, jsonDocument, type PublicDocument } from './document.ts'
import { type Picture, picturesOf } from './pictures.ts'
import type { AwardPath } from './public-path.ts'
import { findPublicAward, isShownAsSigned, type StoredPublicAward, wasPublicOnce } from './store.ts'

/** Whoever keeps it asks again before showing it: hiding and revoking hold at once (PERFORMANCE, Designs). */
const asked = { maxAge: 0 }

/**
 * A badge that its client made public (DESIGN, Public addresses): 200 while it is, 410 with the reason when it was revoked, a neutral 410
 * when the client hid it or was erased (S-52). Undefined for a badge that never was public, as for an id that nobody has (S-11). One small select; of a picture the bytes are
 * kept while it says that nothing changed.
 */
export async function readAwardDocument(
  deps: Pick<Deps, 'db' | 'config'>,
  path: AwardPath,
): Promise<PublicDocument | undefined> {
  const { tenant, publicId, form } = path
  const picture = form === 'png' || form === 'svg' ? form : undefined
  const baked = bakedOf(deps.db)
  const kept = picture && baked.get(`${publicId}.${picture}`)
  if (kept && (await isShownAsSigned(deps.db, tenant, publicId, kept.validFrom))) return kept.document
  if (kept) baked.drop(`${publicId}.${picture}`)
  return await readAnew(deps, path, picture)
}

async function readAnew(
  deps: Pick<Deps, 'db' | 'config'>,
  path: AwardPath,
  picture: 'png' | 'svg' | undefined,
): Promise<PublicDocument | undefined> {
  const { tenant, publicId } = path
  const pictures = picturesOf(deps.db)
  const wanted = { form: picture, known: pictures.names(tenant) }
  const award = await findPublicAward(deps.db, tenant, publicId, wanted)
  if (!award) return await erasedDocument(deps, path)
  const read = award.png ?? award.svg
  if (read !== null) pictures.keep(award.picture, read)
  const address = addressOf(deps.config.publicOrigin, path)
  if (!award.isPublic) return goneDocument({ id: address }, path, { kind: 'hidden' })
  if (award.revokedAt && award.reason) {
    // CONFORMANCE 1.6: the body names what is gone and why, and nothing of what it said.
    const revocationReason = messages(award.language).awards.reasons[award.reason]
    const page = { kind: 'revoked', at: award.revokedAt, reason: award.reason } as const
    return goneDocument({ id: address, revoked: true, revocationReason }, path, page)
  }
  const document = inForm(award, path, address, pictures.get(award.picture) ?? read)
  if (picture && document) bakedOf(deps.db).keep(`${publicId}.${picture}`, { validFrom: award.validFrom, document })
  return document
}

/** The same answer as for a badge that its client hid: nothing tells which it is. */
async function erasedDocument(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  path: AwardPath,
): Promise<PublicDocument | undefined> {
  if (!(await wasPublicOnce(db, path.tenant, path.publicId))) return undefined
  return goneDocument({ id: addressOf(config.publicOrigin, path) }, path, { kind: 'hidden' })
}

function addressOf(origin: string, { publicId, form }: AwardPath): string {
  if (form === 'ob2') return publicAddresses.awardOb2(origin, publicId)
  const address = publicAddresses.award(origin, publicId)
  return form === 'page' ? address : `${address}.${form}`
}

function goneDocument(
  body: JsonObject,
  { form }: AwardPath,
  page: NonNullable<PublicDocument['page']>,
): PublicDocument {
  const shown = form === 'page' ? { page, isPageFirst: true } : {}
  return jsonDocument(body, form === 'ob2' ? contentTypes.ob2 : ['application/json'], {
    status: 410,
    ...asked,
    ...shown,
  })
}

function inForm(
  award: StoredPublicAward,
  path: AwardPath,
  address: string,
  picture: Picture | null,
): PublicDocument | undefined {
  const { ob3Jwt, ob2Jws, ob3Json } = award
  switch (path.form) {
    case 'jwt':
      return documentOf(ob3Jwt, contentTypes.jws, asked)
    case 'json':
      // The embedded proof follows its award by a job, normally within a second.
      return ob3Json === null ? undefined : documentOf(ob3Json, contentTypes.credential, asked)
    case 'png':
      if (!Buffer.isBuffer(picture)) return undefined
      return documentOf(bakedPng(picture, { ob3Jwt, ob2Jws }), ['image/png'], asked)
    case 'svg':
      if (typeof picture !== 'string') return undefined
      return documentOf(bakedSvg(picture, { ob3Jwt, ob2Jws }), ['image/svg+xml'], asked)
    case 'ob2':
      return jsonDocument(hostedFrom(ob2Jws, address), contentTypes.ob2, asked)
    case 'page': {
      const hasEmbedded = ob3Json !== null
      const { endorsements } = award
      const page = { kind: 'award', publicId: path.publicId, ob3Jwt, hasEmbedded, endorsements } as const
      return hasEmbedded
        ? documentOf(ob3Json, contentTypes.credential, { ...asked, page, isPageFirst: true })
        : documentOf(ob3Jwt, contentTypes.jws, { ...asked, page, isPageFirst: true })
    }
  }
}

/**
 * The hosted OB 2.0 Assertion (CONFORMANCE 1.4): what the signed one says, under its own address and with that as its proof. There only
 * while the badge is public.
 */
function hostedFrom(ob2Jws: string, address: string): JsonObject {
  const signed: unknown = JSON.parse(Buffer.from(ob2Jws.split('.')[1] ?? '', 'base64url').toString('utf8'))
  if (!isJsonObject(signed)) throw new TypeError('The payload of a stored Assertion is an object')
  return { ...signed, id: address, verification: { type: 'HostedBadge' } }
}
