import { createHash, createPrivateKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { documentLoader } from '../../../src/credentials/contexts.ts'
import type { DocumentLoader } from '../../../src/credentials/contexts.ts'
import { isJsonObject, type JsonObject } from '../../../src/credentials/json.ts'
import { credential } from '../../../src/credentials/ob3/build.ts'
import { decodeBase58btc, encodeBase58btc } from '../../../src/credentials/proofs/base58btc.ts'
import { canonize } from '../../../src/credentials/proofs/canonize.ts'
import { eddsaHashData, signEddsa, verifyEddsa } from '../../../src/credentials/proofs/eddsa-rdfc-2022.ts'
import { embeddedSuites } from '../../../src/credentials/proofs/index.ts'
import { decodeMultikey, encodeMultikey } from '../../../src/credentials/proofs/multikey.ts'
import { checkSafeJsonLd } from '../../../src/credentials/safe-json-ld.ts'
import { awardFacts, edKey, issuerId } from '../../support/award-facts.ts'
import { issueByDigitalBazaar } from '../../support/digitalbazaar.ts'
import { objectAt, parseObject, textAt, withAt, without } from '../../support/json.ts'

const vectors = new URL('../../vectors/', import.meta.url)
const readText = (path: string): string => readFileSync(new URL(path, vectors), 'utf8')

const readObject = (path: string): JsonObject => parseObject(readText(path))
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

// The test vectors name the examples context, which only gives every unknown term a name.
const withExamples: DocumentLoader = async (address) => {
  if (address !== 'https://www.w3.org/ns/credentials/examples/v2') return await documentLoader(address)
  return {
    documentUrl: address,
    document: { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
  }
}
const canonizeWithExamples = async (document: JsonObject): Promise<string> => await canonize(document, withExamples)

function privateKeyOf(seed: Buffer): KeyObject {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}

describe.each([
  ['Open Badges 3.0', 'obv3p0'],
  ['CLR 2.0', 'clrv2p0'],
])('CONFORMANCE 3.9: the implementation guide’s example of %s', (_, name) => {
  const folder = `1edtech-impl-guide/${name}`
  const signed = readObject(`${folder}/signed.json`)
  const published = readObject(`${folder}/intermediate.json`)
  const intermediate = objectAt(published, 'intermediate')
  const keys = objectAt(published, 'keys')
  // One proof, or a list of one.
  const [proof = {}] = [signed['proof'] ?? []].flat().filter(isJsonObject)
  const seed = Buffer.from(textAt(keys, 'Private'), 'hex').subarray(0, 32)

  test('gives identical canonical forms and hashes', async () => {
    const document = await canonize(without(signed, 'proof'))
    const options = { '@context': signed['@context'] ?? [], ...without(proof, 'proofValue') }
    expect(document).toBe(readText(`${folder}/document-canon.txt`))
    expect(await canonize(options)).toBe(readText(`${folder}/proof-canon.txt`))
    expect(sha256(document)).toBe(intermediate['document-hash'])
    expect(sha256(await canonize(options))).toBe(intermediate['proof-hash'])
    expect((await eddsaHashData(without(signed, 'proof'), options)).toString('hex')).toBe(intermediate['data'])
  })

  test('gives the identical signature and proof, and verifies it', async () => {
    const again = await signEddsa(without(signed, 'proof'), {
      privateKey: privateKeyOf(seed),
      verificationMethod: textAt(proof, 'verificationMethod'),
      created: new Date(textAt(proof, 'created')),
    })
    expect(again.proof).toEqual(proof)
    expect(again.proof.proofValue).toBe(intermediate['proof-value'])
    const signature = decodeBase58btc(again.proof.proofValue.slice(1)) ?? []
    expect(Buffer.from(signature).toString('hex')).toBe(intermediate['signature'])
    const key = decodeMultikey(textAt(proof, 'verificationMethod').split('#')[1] ?? '')
    expect(key && (await verifyEddsa(signed, key, proof))).toBe(true)
  })
})

describe('CONFORMANCE 3.9: the W3C test vectors', () => {
  const folder = 'w3c-vc-di-eddsa/eddsa-rdfc-2022'
  const pair = readObject('w3c-vc-di-eddsa/keyPair.json')
  // Multicodec ed25519-priv is two bytes before the seed.
  const seed = Buffer.from(decodeBase58btc(textAt(pair, 'privateKeyMultibase').slice(1)) ?? []).subarray(2)

  test('give identical canonical forms, hashes and signature', async () => {
    const unsigned = readObject('w3c-vc-di-eddsa/unsigned.json')
    const options = readObject(`${folder}/proofConfigDataInt.json`)
    expect(await canonize(unsigned, withExamples)).toBe(readText(`${folder}/canonDocDataInt.txt`))
    expect(await canonize(options, withExamples)).toBe(readText(`${folder}/proofCanonDataInt.txt`))
    const data = await eddsaHashData(unsigned, options, canonizeWithExamples)
    expect(data.toString('hex')).toBe(readText(`${folder}/combinedHashDataInt.txt`))
    const signature = sign(null, data, privateKeyOf(seed))
    expect(signature.toString('hex')).toBe(readText(`${folder}/sigHexDataInt.txt`))
    expect(`z${encodeBase58btc(signature)}`).toBe(readText(`${folder}/sigBTC58DataInt.txt`))
  })

  test('the published signed credential verifies', async () => {
    const key = decodeMultikey(textAt(pair, 'publicKeyMultibase'))
    const signed = readObject(`${folder}/signedDataInt.json`)
    expect(key && (await verifyEddsa(signed, key, signed['proof'], canonizeWithExamples))).toBe(true)
  })

  // Its second context is of another trade and not in the package: the canonical forms are the published ones.
  test('the second vector: the published forms give the published hashes, and those the published signature', () => {
    const data = Buffer.from(readText(`${folder}/employ/combinedHashDataInt.txt`), 'hex')
    expect(sha256(readText(`${folder}/employ/canonDocDataInt.txt`))).toBe(data.subarray(32).toString('hex'))
    expect(sha256(readText(`${folder}/employ/proofCanonDataInt.txt`))).toBe(data.subarray(0, 32).toString('hex'))
    const signature = sign(null, data, privateKeyOf(seed))
    expect(signature.toString('hex')).toBe(readText(`${folder}/employ/sigHexDataInt.txt`))
    expect(`z${encodeBase58btc(signature)}`).toBe(readText(`${folder}/employ/sigBTC58DataInt.txt`))
  })
})

describe('our own proofs', () => {
  const verificationMethod = `${issuerId}#${encodeMultikey(edKey.publicKey)}`
  const created = new Date('2026-11-22T10:00:05Z')
  let signed: JsonObject

  beforeAll(async () => {
    signed = await signEddsa(credential(awardFacts), { privateKey: edKey.privateKey, verificationMethod, created })
  })

  test('CONFORMANCE 3.9: the proof has exactly the members of the standard', () => {
    const { proofValue, ...options } = objectAt(signed, 'proof')
    expect(options).toEqual({
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-11-22T10:00:05Z',
      verificationMethod,
      proofPurpose: 'assertionMethod',
    })
    expect(proofValue).toMatch(/^z[1-9A-HJ-NP-Za-km-z]{80,90}$/)
    expect(Object.keys(embeddedSuites)).toEqual(['eddsa-rdfc-2022'])
  })

  test('verify, and no longer when the document, the proof or the key is another', async () => {
    expect(await verifyEddsa(signed, edKey.publicKey)).toBe(true)
    const proof = objectAt(signed, 'proof')
    const value = textAt(proof, 'proofValue')
    const changed = {
      name: { ...signed, name: 'Polkupyörän huoltO' },
      created: { ...signed, proof: { ...proof, created: '2026-11-22T10:00:06Z' } },
      value: { ...signed, proof: { ...proof, proofValue: `${value.slice(0, -1)}${value.endsWith('2') ? '3' : '2'}` } },
      short: { ...signed, proof: { ...proof, proofValue: 'z2' } },
      letters: { ...signed, proof: { ...proof, proofValue: 'z0OIl' } },
      suite: { ...signed, proof: { ...proof, cryptosuite: 'eddsa-2022' } },
      type: { ...signed, proof: { ...proof, type: 'Ed25519Signature2020' } },
      none: without(signed, 'proof'),
    }
    for (const [what, document] of Object.entries(changed)) {
      expect({ what, good: await verifyEddsa(document, edKey.publicKey) }).toEqual({ what, good: false })
    }
    const stranger = decodeMultikey('z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2')
    expect(stranger && (await verifyEddsa(signed, stranger))).toBe(false)
  })

  test('CONFORMANCE T4: an added undefined term is not passed over', async () => {
    const added = { ...signed, grade: '5' }
    expect(await verifyEddsa(added, edKey.publicKey)).toBe(false)
    const [fault] = await checkSafeJsonLd(added)
    expect(fault?.code).toBe('json-ld')
    expect(fault?.detail).toContain('grade')
    await expect(
      signEddsa(
        { ...credential(awardFacts), grade: '5' },
        { privateKey: edKey.privateKey, verificationMethod, created },
      ),
    ).rejects.toThrow('Safe mode')
  })

  test('CONFORMANCE 2.6: without the extensions context a safe-mode processor refuses the schema type', async () => {
    const contexts = [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ]
    expect(await checkSafeJsonLd({ ...credential(awardFacts), '@context': contexts })).toHaveLength(1)
  })

  test('a context inside the proof must be how the document’s contexts begin', async () => {
    const proof = objectAt(signed, 'proof')
    const contexts = signed['@context'] ?? []
    expect(await verifyEddsa({ ...signed, proof: { '@context': contexts, ...proof } }, edKey.publicKey)).toBe(true)
    const other = ['https://w3id.org/openbadges/v2']
    expect(await verifyEddsa({ ...signed, proof: { '@context': other, ...proof } }, edKey.publicKey)).toBe(false)
  })

  test('CONFORMANCE 12: what @digitalbazaar/vc signs verifies here', async () => {
    const document = without(credential(awardFacts), 'credentialStatus')
    const theirs = await issueByDigitalBazaar(document, issuerId)
    const key = decodeMultikey(theirs.publicKeyMultibase)
    expect(key && (await verifyEddsa(theirs.signed, key))).toBe(true)
    expect(key && (await verifyEddsa({ ...theirs.signed, name: 'Muu' }, key))).toBe(false)
  })

  test('T13: a graph of linked blank nodes is refused, not worked on for ever', async () => {
    const nodes = Array.from({ length: 12 }, (_, one) => one)
    const links = nodes.flatMap((one) => nodes.filter((other) => other !== one).map((other) => [one, other] as const))
    // Profiles without a name, each below every other: nothing tells one from the next.
    const creator = links.map(([one, other]) => ({
      id: `_:n${one}`,
      type: ['Profile'],
      parentOrg: { id: `_:n${other}`, type: ['Profile'] },
    }))
    const poison = withAt(credential(awardFacts), ['credentialSubject', 'achievement', 'creator'], creator)
    expect(await checkSafeJsonLd(poison)).toMatchObject([{ detail: 'Maximum deep iterations exceeded (12).' }])
  })
})
