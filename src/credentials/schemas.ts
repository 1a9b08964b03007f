import { Ajv2019 } from 'ajv/dist/2019.js'
import addFormats from 'ajv-formats'
import clrCredential from '../../schemas/json/clr_v2p0_clrcredential_schema.json' with { type: 'json' }
import achievementCredential from '../../schemas/json/ob_v3p0_achievementcredential_schema.json' with { type: 'json' }
import endorsementCredential from '../../schemas/json/ob_v3p0_endorsementcredential_schema.json' with { type: 'json' }
import profile from '../../schemas/json/ob_v3p0_profile_schema.json' with { type: 'json' }
import type { Fault } from './faults.ts'
import type { JsonObject } from './json.ts'
import { oncePer } from './once.ts'

/** Addresses of the bundled JSON Schemas; they are never fetched (CONFORMANCE 6.2, S-47). */
export const schemaAddress = {
  achievementCredential:
    'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
  endorsementCredential:
    'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json',
  profile: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_profile_schema.json',
  clrCredential: 'https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json',
} as const

const bundledSchemas: ReadonlyMap<string, object> = new Map<string, object>([
  [schemaAddress.achievementCredential, achievementCredential],
  [schemaAddress.endorsementCredential, endorsementCredential],
  [schemaAddress.profile, profile],
  [schemaAddress.clrCredential, clrCredential],
])

type Judge = (document: object) => readonly Fault[]

const compiled = new Map<string, Judge>()

// Draft 2019-09 with a tuple that strict mode would only log about (CONFORMANCE T17).
function compile(schema: object): Judge {
  const ajv = new Ajv2019({ strict: false, allErrors: false })
  addFormats.default(ajv, ['date-time', 'date', 'uri', 'email'])
  const validate = ajv.compile(schema)
  return oncePer((document) => {
    if (validate(document)) return []
    return (validate.errors ?? []).map((error) => ({
      pointer: error.instancePath,
      code: 'schema',
      detail: `${error.message ?? 'does not fit the schema'} (${error.schemaPath})`,
    }))
  })
}

/** Is the JSON Schema with this address bundled? */
export function isBundledSchema(address: string): boolean {
  return bundledSchemas.has(address)
}

/**
 * Takes the address of a bundled JSON Schema and a document; gives the faults the schema finds, up to the first failing
 * keyword, or undefined when no schema of that address is bundled. Each schema is compiled once, at its first use, and the same object is
 * held against it once.
 */
export function checkSchema(address: string, document: JsonObject): readonly Fault[] | undefined {
  const schema = bundledSchemas.get(address)
  if (schema === undefined) return undefined
  const judge = compiled.get(address) ?? compile(schema)
  compiled.set(address, judge)
  return judge(document)
}
