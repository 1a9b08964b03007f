import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { generate } from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { issue } from '@digitalbazaar/vc'
import { documentLoader } from '../src/credentials/contexts.ts'
import { embeddedDocument } from '../src/credentials/issue.ts'
import { beMeasured } from './process.ts'

/** P12's reference: `@digitalbazaar/vc` issues the same credential with an embedded proof again and again. Nothing is read or kept. */
beMeasured(async (settings) => {
  const document = embeddedDocument(String(settings['jwt']))
  const controller = 'https://bench.example/o/ben1'
  const key = await generate({ controller })
  const signer = { ...key.signer(), id: `${controller}#${key.publicKeyMultibase}` }
  const load = async (address: string): Promise<{ documentUrl: string; document: object; contextUrl: null }> => ({
    ...(await documentLoader(address)),
    contextUrl: null,
  })
  return {
    work: async (milliseconds: number) => {
      const end = performance.now() + milliseconds
      let done = 0
      for (; performance.now() < end; done += 1) {
        const suite = new DataIntegrityProof({ signer, cryptosuite })
        await issue({ credential: structuredClone(document), suite, documentLoader: load })
      }
      return done
    },
    stop: async () => await Promise.resolve(),
  }
})
