import { expect } from 'vitest'
import { drawPictures } from '../../src/badges/publish.ts'
import type { Language } from '../../src/credentials/facts.ts'
import { asTenant } from '../../src/db/connect.ts'
import type { TestService } from '../support/app.ts'
import type { Foundation } from '../support/given.ts'

export const publicOrigin = 'https://merkit.example'

/** The unit that the badge points to: rows of the test module have none. */
const alignment = {
  unitId: '019ab000-0000-7000-8000-000000000001',
  targetCode: 'tutkinnonosat_201545',
  targetUrl: 'https://eperusteet.opintopolku.fi/#/fi/ammatillinen/3855077/tutkinnonosat/3855093',
  targetFramework: { fi: 'Puuteollisuuden perustutkinto OPH-2455-2017' },
  targetName: { fi: 'Puupintojen käsittely', sv: 'Behandling av träytor' },
}

/** Draws the pictures of one badge and gives it an alignment, as publishing a module does. */
export async function givenPublished(service: TestService, foundation: Foundation, name: string): Promise<void> {
  const { slug, versionId } = foundation.badge(name)
  const { ownerDb } = service.database
  await asTenant(ownerDb, foundation.code, async (trx) => {
    const version = await trx
      .updateTable('badge_class_version')
      .set({ alignments: JSON.stringify([alignment]) })
      .where('id', '=', versionId)
      .returning(['languages', 'template', 'tier', 'name', 'short_name'])
      .executeTakeFirstOrThrow()
    for (const language of version.languages) {
      const drawn = await drawPictures({
        template: version.template,
        tier: version.tier,
        language,
        name: version.name[language] ?? slug,
        nameLines: version.short_name[language] ?? ['Merkki'],
        issuerName: 'Meriva',
      })
      await trx
        .insertInto('badge_picture')
        .values({ tenant_id: foundation.code, badge_class_version_id: versionId, ...drawn })
        .execute()
    }
  })
}

export type GivenAward = { readonly id: string; readonly publicId: string }

/** The main job through the API: work recorded, badge applied for, decided by another person. Offered, not yet accepted. */
export async function givenOffered(
  foundation: Foundation,
  who: 'maija' | 'antti' = 'maija',
  language: Language = 'fi',
): Promise<GivenAward> {
  await foundation.readyForSanding(who)
  const client = await foundation.as(who)
  const applied = await client.post('/api/v1/applications', {
    badgeClassId: foundation.badge('hionta').classId,
    language,
  })
  expect(applied.statusCode, applied.body).toBe(201)
  const { id } = applied.json<{ id: string }>()
  const kaisa = await foundation.as('kaisa')
  const decided = await kaisa.post(`/api/v1/applications/${id}/decision`, { outcome: 'award' }, { 'idempotency-key': id })
  expect(decided.statusCode, decided.body).toBe(201)
  return decided.json<{ award: GivenAward }>().award
}

/** The client takes the badge. */
export async function accept(foundation: Foundation, award: GivenAward, who: 'maija' | 'antti' = 'maija'): Promise<void> {
  const answered = await (await foundation.as(who)).post(`/api/v1/awards/${award.id}/answer`, { accept: true })
  expect(answered.statusCode, answered.body).toBeLessThan(300)
}

/** The client makes it public, or private again. */
export async function show(
  foundation: Foundation,
  award: GivenAward,
  isPublic: boolean,
  who: 'maija' | 'antti' = 'maija',
): Promise<void> {
  const shown = await (await foundation.as(who)).post(`/api/v1/awards/${award.id}/visibility`, { public: isPublic })
  expect(shown.statusCode, shown.body).toBeLessThan(300)
}

/** A coordinator revokes it. */
export async function revoke(foundation: Foundation, award: GivenAward): Promise<void> {
  const kaisa = await foundation.as('kaisa')
  const revoked = await kaisa.post(
    `/api/v1/awards/${award.id}/revocation`,
    { reason: 'issued-in-error' },
    { 'idempotency-key': `revoke ${award.id}` },
  )
  expect(revoked.statusCode, revoked.body).toBe(201)
}
