import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import w3cSchema from '../../schemas/json/verifiable-credential-schema.json' with { type: 'json' }
import { documentLoader, isBundledContext, UnknownContext } from '../../src/credentials/contexts.ts'
import { credential } from '../../src/credentials/ob3/build.ts'
import { checkSchema, isBundledSchema, schemaAddress } from '../../src/credentials/schemas.ts'
import { emptyStatusList, statusListCredential } from '../../src/credentials/status-list.ts'
import { awardFacts, issuer } from '../support/award-facts.ts'

const folder = new URL('../../schemas/', import.meta.url)

test('CONFORMANCE T3: every context and schema is the pinned copy, and each file has its origin noted', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8')
  const noted = new Map(
    [...readme.matchAll(/^\| (\S+\.json) \| \S+ \| ([0-9a-f]{64}) \|$/gm)].map((row) => [row[1], row[2]]),
  )
  const files = ['contexts', 'json'].flatMap((part) =>
    readdirSync(new URL(part, folder)).map((file) => `${part}/${file}`),
  )
  expect(new Set(noted.keys())).toEqual(new Set(files))
  for (const file of files) {
    const hash = createHash('sha256')
      .update(readFileSync(new URL(file, folder)))
      .digest('hex')
    expect({ file, hash }).toEqual({ file, hash: noted.get(file) })
  }
})

test('S-47: a bundled context is answered and any other is refused by its name', async () => {
  const loaded = await documentLoader('https://www.w3.org/ns/credentials/v2')
  expect(loaded.document).toHaveProperty('@context')
  expect(isBundledContext('https://www.w3.org/ns/credentials/v2')).toBe(true)
  await expect(documentLoader('https://stranger.example/context.json')).rejects.toThrow(
    'The context https://stranger.example/context.json is not among the bundled ones',
  )
  await expect(documentLoader('https://stranger.example/context.json')).rejects.toBeInstanceOf(UnknownContext)
  expect(isBundledContext('https://stranger.example/context.json')).toBe(false)
})

test('CONFORMANCE 6.2: a bundled schema judges, an unknown one is told apart', () => {
  expect(checkSchema(schemaAddress.achievementCredential, credential(awardFacts))).toEqual([])
  expect(checkSchema(schemaAddress.achievementCredential, { id: 'x' })).toMatchObject([{ pointer: '', code: 'schema' }])
  expect(checkSchema('https://stranger.example/schema.json', {})).toBeUndefined()
  for (const address of Object.values(schemaAddress)) expect(isBundledSchema(address)).toBe(true)
})

test('our credential and status list also pass the schema of the W3C data model 2.0', () => {
  const validate = new Ajv2020({ strict: false }).compile(w3cSchema)
  const list = statusListCredential({ issuer, list: 1, bits: emptyStatusList(), validFrom: awardFacts.validFrom })
  expect(validate(credential(awardFacts)), JSON.stringify(validate.errors)).toBe(true)
  expect(validate(list), JSON.stringify(validate.errors)).toBe(true)
})
