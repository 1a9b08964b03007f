import type { KeyObject } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { asTenant } from '../../db/connect.ts'
import type { Db } from '../../db/database.ts'
import type { KeyAlgorithm } from '../../keys/tables.ts'
import type { Findings } from './fault.ts'

const Made = z.object({ kid: z.string(), publicJwk: z.string() })
const Compromised = z.object({ kid: z.string(), since: z.iso.datetime() })

/** What the history says of a tenant's keys: the rows of the keys must say the same, or somebody's own key could make any badge look right. */
export class KeyLines {
  readonly made = new Map<string, string>()
  readonly compromised = new Map<string, string>()

  note({ kind, content }: { readonly kind: string; readonly content: string | null }): void {
    if (content === null) return
    if (kind === 'key.made') {
      const { kid, publicJwk } = Made.parse(JSON.parse(content))
      this.made.set(kid, publicJwk)
    }
    if (kind === 'key.compromised') {
      const { kid, since } = Compromised.parse(JSON.parse(content))
      this.compromised.set(kid, since)
    }
  }
}

/** A public key of a tenant that its history knows. */
export type KnownKey = {
  readonly algorithm: KeyAlgorithm
  readonly key: KeyObject
  readonly compromisedAt: Date | null
}

/** The tenant's keys by their short names, each compared with the line that made it. One that differs is a finding, and checks nothing. */
export async function knownKeys(db: Db, findings: Findings, lines: KeyLines): Promise<ReadonlyMap<string, KnownKey>> {
  const { tenant } = findings
  const rows = await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('signing_key')
        .select(['kid', 'algorithm', 'public_jwk', 'compromised_at'])
        .where('tenant_id', '=', tenant)
        .execute(),
  )
  const known = new Map<string, KnownKey>()
  for (const { kid, algorithm, public_jwk: jwk, compromised_at: compromisedAt } of rows) {
    const since = lines.compromised.get(kid)
    if (!isSame(lines.made.get(kid), jwk)) findings.add('key-changed', `the key ${kid} is not the one that was made`)
    else if (since !== compromisedAt?.toISOString())
      findings.add('key-changed', `the history says otherwise of whether others had the key ${kid}`)
    else known.set(kid, { algorithm, key: createPublicKey({ key: { ...jwk }, format: 'jwk' }), compromisedAt })
  }
  const gone = [...lines.made.keys()].filter((kid) => !rows.some((row) => row.kid === kid))
  for (const kid of gone) findings.add('key-changed', `the key ${kid} was removed`)
  return known
}

function isSame(made: string | undefined, jwk: Readonly<Record<string, string>>): boolean {
  if (made === undefined) return false
  const parsed: unknown = JSON.parse(made)
  const sorted = (value: object): string => JSON.stringify(value, Object.keys(value).toSorted())
  return typeof parsed === 'object' && parsed !== null && sorted(parsed) === sorted(jwk)
}
