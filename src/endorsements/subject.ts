import { publicAddresses } from '../credentials/addresses.ts'
import type { Language } from '../credentials/facts.ts'
import { asTenant } from '../db/connect.ts'
import { pickText } from '../i18n/index.ts'
import { parsePublicPath } from '../publication/public-path.ts'
import { Refusal } from '../refusal.ts'
import type { VerificationDeps } from '../verification/look.ts'
import { verifyPresented } from '../verification/verify.ts'
import { findTakenAward, listPublishedBadges } from './store.ts'

/** What a school is about to endorse. */
export type Subject = {
  readonly kind: 'achievement' | 'award'
  /** What the endorsement names: the achievement's address, or the id of the award's 3.0 credential. */
  readonly id: string
  /** The foundation whose badge it is. */
  readonly organisation: string
  readonly organisationName: string
  readonly name: string
  readonly language: Language
  /** The foundation's own row: of the badge class version, or of the award. */
  readonly row: string
}

/**
 * Finds what a school points at: a badge that is published now, by its address, or an award, by what its holder showed. An award is judged like
 * any badge that a stranger shows, and only a valid one of this service is found: nothing of it is read before (S-11). Refuses `content`
 * (`badge-not-found`, `badge-not-valid`, `badge-not-ours`).
 */
export async function findSubject(deps: VerificationDeps, badge: string): Promise<Subject> {
  const path = ownPathOf(deps, badge)
  const parsed = path === undefined ? undefined : parsePublicPath(path)
  if (parsed?.kind === 'achievement') {
    const { tenant, slug, version, language } = parsed
    const found = await asTenant(deps.db, tenant, async (trx) => await listPublishedBadges(trx, tenant, parsed))
    const [one] = found
    if (!one) throw refusal('badge-not-found', 'There is no such badge in use')
    const origin = deps.config.publicOrigin
    return {
      kind: 'achievement',
      id: publicAddresses.achievement(origin, tenant, slug, version, language),
      organisation: tenant,
      organisationName: await nameOf(deps, tenant),
      name: pickText(one.name, language).text,
      language,
      row: one.versionId,
    }
  }
  return await findAward(deps, badge)
}

async function findAward(deps: VerificationDeps, badge: string): Promise<Subject> {
  const { verdict, credential } = await verifyPresented(deps, { bytes: Buffer.from(badge, 'utf8') }, deps.now())
  if (verdict !== 'valid' || !credential) {
    throw refusal('badge-not-valid', `The badge is not one that can be endorsed: ${verdict}`)
  }
  const origin = deps.config.publicOrigin
  const code = credential.issuer.id.slice(publicAddresses.issuer(origin, '').length).split('/')[0] ?? ''
  const isOurs = [publicAddresses.issuer(origin, code), publicAddresses.issuerOb2(origin, code)].includes(
    credential.issuer.id,
  )
  const award = isOurs
    ? await asTenant(deps.db, code, async (trx) => await findTakenAward(trx, code, credential.id))
    : undefined
  if (!award) throw refusal('badge-not-ours', 'Only a badge that was awarded in this service can be endorsed here')
  return {
    kind: 'award',
    id: award.credentialId,
    organisation: code,
    organisationName: await nameOf(deps, code),
    name: credential.name,
    language: award.language,
    row: award.id,
  }
}

async function nameOf({ db }: VerificationDeps, code: string): Promise<string> {
  const row = await db.selectFrom('organisation').select('name').where('tenant_id', '=', code).executeTakeFirstOrThrow()
  return row.name
}

/** The path of an address of ours, wherever people meet the service (DESIGN, Origins). */
function ownPathOf({ config }: VerificationDeps, badge: string): string | undefined {
  const origin = [config.publicOrigin, config.pagesOrigin].find((one) => badge.startsWith(`${one}/`))
  return origin === undefined ? undefined : badge.slice(origin.length).split(/[?#]/)[0]
}

function refusal(code: string, detail: string): Refusal {
  return new Refusal('content', detail, { code, fields: [{ pointer: '/badge', code, detail }] })
}
