import { createHash, randomUUID } from 'node:crypto'
import { newHistoryLine } from '../awards/history.ts'
import { readBadgeFacts } from '../awards/read.ts'
import { recordedHere } from '../awards/recorded.ts'
import { NotVerified } from '../awards/verify-own.ts'
import { addHistoryLine, KeysMoved } from '../awards/write.ts'
import { badgeClassFacts } from '../badges/facts.ts'
import { refuseUnfit } from '../badges/refuse-unfit.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import type { ClrFacts } from '../credentials/clr/build.ts'
import type { IssuerFacts } from '../credentials/facts.ts'
import type { JsonObject } from '../credentials/json.ts'
import { achievement } from '../credentials/ob3/build.ts'
import { signClr } from '../credentials/sign-checked.ts'
import { verify } from '../credentials/verify.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import { signedDocument } from '../endorsements/document.ts'
import type { ClientActor } from '../http/actor.ts'
import { type Language, messages } from '../i18n/index.ts'
import { readSigner } from '../keys/signer.ts'
import { lookAtOwn } from '../publication/look.ts'
import { Refusal } from '../refusal.ts'
import { associationsOf, type TreeBadge, type Whole } from './associations.ts'
import { listAwardEndorsements, listTakenAwards, listTree, type TakenAward } from './clr-store.ts'
import type { DownloadedBadge } from './files.ts'

type ClrDeps = Pick<Deps, 'db' | 'vault' | 'config' | 'now' | 'newId'>

/** How often the keys may move while the passport is signed. */
const tries = 3

/**
 * The client's taken badges of this foundation as one signed collection (CLR 2.0; CONFORMANCE 10): every badge with its own embedded proof,
 * untouched, how they belong together, and what schools say of them. Checked before a key is used, read back by our own verifier, and
 * recorded in the history before it leaves (S-22, S-24). Made anew each time, with ids of its own: two copies cannot be tied together but by
 * their badges. Refuses `conflict` (`no-badges`), `busy` (`coming`) while the embedded proof of a badge is not there yet, `stopped`.
 */
export async function signPassport(deps: ClrDeps, actor: ClientActor, language: Language): Promise<DownloadedBadge> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const body = await signOnce(deps, actor, language)
      return { body, contentType: 'application/vc+ld+json', fileName: 'osaamispassi.json' }
    } catch (error) {
      if (!(error instanceof KeysMoved) || attempt === tries) throw error
    }
  }
}

async function signOnce(deps: ClrDeps, { tenant, clientId }: ClientActor, language: Language): Promise<Buffer> {
  const now = new Date(Math.floor(deps.now().getTime() / 1000) * 1000)
  const read = await asTenant(deps.db, tenant, async (trx) => {
    const awards = refuseUnlessThere(await listTakenAwards(trx, { tenant, clientId, at: now }))
    const modules = [...new Set(awards.map(({ moduleVersionId }) => moduleVersionId))]
    return {
      awards,
      tree: await listTree(trx, tenant, modules),
      endorsements: await listAwardEndorsements(
        trx,
        tenant,
        awards.map(({ id }) => id),
      ),
      signer: await readSigner(trx, deps, tenant),
    }
  })
  const { issuer, key, keySeq } = read.signer
  const id = randomUUID()
  const name = messages(language).passport.documentName
  const facts = { id: `urn:uuid:${id}`, name, language, validFrom: now, ...(await contentsOf(deps, issuer, read)) }
  const signed = await refuseUnfit(async () => await signClr(facts, key, now))
  const text = JSON.stringify(signed)
  const bytes = Buffer.from(text)
  const verdict = await verify(bytes, lookAtOwn(deps), { at: now, history: recordedHere(deps) })
  if (verdict.verdict !== 'valid') throw new NotVerified('passport', verdict)
  const told = {
    clr: id,
    awards: read.awards.map((award) => award.id).join(' '),
    sha256: createHash('sha256').update(text).digest('hex'),
  }
  await asTenant(deps.db, tenant, async (trx) => {
    await addHistoryLine(trx, tenant, newHistoryLine(id, 'passport.signed', now, told), { keySeq })
  })
  return bytes
}

type Embedded = TakenAward & { readonly ob3Json: string }

function refuseUnlessThere(awards: readonly TakenAward[]): readonly Embedded[] {
  if (awards.length === 0) throw new Refusal('conflict', 'There is no badge to take along yet', { code: 'no-badges' })
  return awards.map((award) => {
    const { ob3Json } = award
    if (ob3Json === null) throw new Refusal('busy', 'This file is ready in a moment', { retryAfter: 5, code: 'coming' })
    return { ...award, ob3Json }
  })
}

/** What the collection holds: the signed badges, and around them only what their public documents say anyway. */
async function contentsOf(
  deps: ClrDeps,
  issuer: IssuerFacts,
  read: {
    readonly awards: readonly Embedded[]
    readonly tree: readonly TreeBadge[]
    readonly endorsements: readonly string[]
  },
): Promise<Omit<ClrFacts, 'id' | 'name' | 'language' | 'validFrom'>> {
  const { origin, code } = issuer
  const held = read.awards.map(({ versionId, language, slug, version }) => ({
    versionId,
    language,
    achievement: publicAddresses.achievement(origin, code, slug, version, language),
  }))
  const { associations, wholes } = associationsOf(held, read.tree, ({ slug, version }, language) =>
    publicAddresses.achievement(origin, code, slug, version, language),
  )
  const achievements: JsonObject[] = []
  for (const whole of wholes) achievements.push(await achievementOf(deps, issuer, whole))
  return {
    issuer,
    subject: `urn:uuid:${randomUUID()}`,
    credentials: read.awards.map(({ ob3Json }) => signedDocument(ob3Json)),
    sameAs: [...new Set(read.awards.map(({ recipient }) => recipient))],
    achievements,
    associations,
    endorsements: read.endorsements.map(signedDocument),
  }
}

async function achievementOf({ db }: ClrDeps, issuer: IssuerFacts, whole: Whole): Promise<JsonObject> {
  const { versionId, language } = whole
  const badge = await readBadgeFacts(db, { tenant: issuer.code, versionId, language, endorsements: [] })
  if (!badge) throw new Error('a badge class version without its badge class')
  return achievement(badgeClassFacts(badge, issuer, language))
}
