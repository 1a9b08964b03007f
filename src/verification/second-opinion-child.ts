/**
 * The process in which openbadges-validator runs (S-29): a question as JSON on standard input, one answer as JSON on standard output. It is
 * started by `second-opinion.ts`, imports nothing of ours and knows nothing but what it is sent.
 */
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'

// The stand-ins for `request` and `jsonld` open no connection. Should anything else try, it ends here.
Socket.prototype.connect = () => {
  throw new Error('no network here')
}

type Documents = ReadonlyMap<string, { readonly contentType: string; readonly body: Buffer }>
type Question = {
  readonly badge: string
  readonly documents: readonly { readonly address: string; readonly contentType: string; readonly body: string }[]
}

// The parsing door for packages without types: what each gives is in vendor/ and in openbadges-validator's index.js.
const ofProject = createRequire(import.meta.url)
const ofValidator = createRequire(ofProject.resolve('openbadges-validator'))
const validate = ofProject('openbadges-validator') as (badge: string, done: (fault: unknown) => void) => void
const request = ofValidator('request') as { answerFrom(documents: Documents): void; missing(): readonly string[] }
const jsonld = ofValidator('jsonld') as { missing(): readonly string[] }

function answer(outcome: 'good' | 'bad' | 'incomplete', why = ''): void {
  // Whatever it still has in hand is of no interest: it calls back more than once.
  process.stdout.write(JSON.stringify({ outcome, why }), () => process.exit())
}

function codeOf(fault: unknown): string {
  const code: unknown = typeof fault === 'object' && fault !== null && 'code' in fault ? fault.code : undefined
  return typeof code === 'string' ? code : 'unknown'
}

// The parsing door: the question was written by second-opinion.ts.
const { badge, documents } = JSON.parse(await text(process.stdin)) as Question
request.answerFrom(
  new Map(
    documents.map(({ address, contentType, body }) => [address, { contentType, body: Buffer.from(body, 'base64') }]),
  ),
)
validate(badge, (fault) => {
  if (!fault) return answer('good')
  // A fault for want of a document that nobody gave it says nothing about the badge.
  const missing = request.missing().length + jsonld.missing().length
  answer(missing > 0 ? 'incomplete' : 'bad', codeOf(fault))
})
