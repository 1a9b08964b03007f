import { z } from 'zod'
import { isSeenWhole } from '../i18n/names.ts'
import { plainText } from '../qualifications/eperusteet/plain-text.ts'

/**
 * A module file (`osaamispassi-seed-module/1`) as it is written: Finnish codes, keys that hold inside the file. What is not named here
 * (`graphic`: the picture's shape comes from the scope, PRODUCT §6) is passed over.
 */

const key = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case letters, digits and single hyphens')
/** Texts are copied from the criteria with their odd spaces: plain text, like there. */
const line = z.string().transform(plainText).pipe(z.string().min(1).max(2000))
const text = z.record(z.string().regex(/^[a-z]{2,3}(-[a-z]{2,8})?$/, 'expected a language code'), line)
/** A text that must exist in Finnish: everything else may be missing and falls back. */
const finnish = text.refine((one) => one['fi'] !== undefined, { path: ['fi'], message: 'expected a text in Finnish' })

/** S-40: what a module, a task or a badge is called holds nothing that cannot be seen. */
const name = finnish.refine((one) => Object.values(one).every(isSeenWhole), 'holds a character that cannot be seen')

const supportId = z.enum(['tehostettu', 'yleinen', 'vahainen'])
const codeUri = z.string().regex(/^[a-z][a-z0-9]{0,60}_[\w.-]{1,40}$/i, 'expected a code such as tutkinnonosat_106889')

const requirement = z.object({
  key,
  codeUri: codeUri.nullish(),
  untrustedCode: codeUri.nullish(),
  tunniste: z.string().min(1).max(100).nullish(),
  textId: z.string().min(1).max(100).nullish(),
  area: z.object({ order: z.int(), text }).nullish(),
  text,
})

const task = z.object({
  id: key,
  difficulty: z.int().min(1).max(5),
  name,
  easyFi: line.nullish(),
  requirements: z.array(key),
  prerequisites: z.array(key),
  steps: z.array(z.object({ order: z.int().positive(), text: finnish })).min(1),
  supportCriteria: z.object({ tehostettu: finnish, yleinen: finnish, vahainen: finnish }),
})

const shortNameLines = z.array(z.string().trim().min(1).max(18)).min(1).max(2)
const shortName = z.object({ fi: shortNameLines, sv: shortNameLines.optional(), en: shortNameLines.optional() })

const badge = z.object({
  id: z.string().regex(/^b-[a-z0-9]+(-[a-z0-9]+)*$/, 'expected b- and lower-case letters, digits and single hyphens'),
  kind: z.enum(['task', 'module', 'unit']),
  tier: z.enum(['perus', 'edistynyt', 'mestari']),
  parent: z.string().nullable(),
  name,
  shortName: shortName.optional(),
  description: finnish,
  publicCriteria: finnish,
  requires: z.object({
    tasks: z.array(key).default([]),
    badges: z.array(z.string()).default([]),
    allRequirements: z.boolean().default(false),
  }),
  alignment: z
    .array(
      z.object({
        targetName: line,
        targetCode: z.string().regex(/^tutkinnonosat_\d+$/, 'expected the code of a unit, tutkinnonosat_NNNNNN'),
        targetFramework: line,
        targetUrl: z.url({ protocol: /^https$/ }),
      }),
    )
    .min(1),
  selfAssessmentRequired: z.boolean(),
  validFor: z.object({ months: z.int().min(1).max(600) }).nullable(),
})

export const ModuleFile = z.object({
  schema: z.literal('osaamispassi-seed-module/1'),
  id: key,
  version: z.int().positive(),
  legacyCriteria: z.boolean().default(false),
  name,
  workplace: finnish,
  source: z.object({
    perusteId: z.int().positive(),
    globalVersion: z.int().positive(),
    diaarinumero: line,
    perusteName: text,
    unitId: z.int().positive().transform(String),
    unitCode: codeUri,
    unitName: text,
  }),
  supportLevels: z.array(z.object({ id: supportId, name: finnish, meaning: finnish })).length(3),
  requirements: z.array(requirement).min(1),
  tasks: z.array(task).min(1),
  badges: z.array(badge).min(1),
  disclaimer: finnish,
  uncoveredRequirements: z.record(key, finnish),
})
export type ModuleFile = z.infer<typeof ModuleFile>

/** Short names for the pictures of badges whose file has none: module → badge → language → one or two lines. */
export const ShortNames = z.record(z.string(), z.record(z.string(), shortName))
export type ShortNames = z.infer<typeof ShortNames>
