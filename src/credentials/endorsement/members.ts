import { z } from 'zod'
import { contextAddress } from '../contexts.ts'
import { issuerShape, one } from '../ob3/profile-members.ts'
import { schemaAddress } from '../schemas.ts'
import { address, instantText, language, text, urnUuid } from '../shapes.ts'

/** What our verification methods look like: `{issuer id}#{publicKeyMultibase}` (CONFORMANCE 3.10). */
const proofMembers = z.strictObject({
  type: z.literal('DataIntegrityProof'),
  cryptosuite: z.literal('eddsa-rdfc-2022'),
  created: instantText,
  verificationMethod: address,
  proofPurpose: z.literal('assertionMethod'),
  proofValue: z.string().regex(/^z[1-9A-HJ-NP-Za-km-z]{80,90}$/, 'Not a signature'),
})

const endorsementShape = {
  '@context': z.tuple([
    z.literal(contextAddress.credentials),
    z.literal(contextAddress.openBadges),
    z.literal(contextAddress.openBadgesExtensions),
  ]),
  id: address,
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('EndorsementCredential')]),
  name: text,
  inLanguage: language,
  issuer: z.strictObject(issuerShape),
  validFrom: instantText,
  credentialSubject: z.strictObject({
    id: z.union([address, urnUuid]),
    type: one('EndorsementSubject'),
    endorsementComment: text,
  }),
  credentialSchema: z.tuple([
    z.strictObject({
      id: z.literal(schemaAddress.endorsementCredential),
      type: z.literal('1EdTechJsonSchemaValidator2019'),
    }),
  ]),
}

/** An endorsement before it is signed (CONFORMANCE 9.6). */
export const endorsementMembers = z.strictObject(endorsementShape)

/** The same with its proof, as it is carried: one without is an error (CONFORMANCE T9). */
export const embeddedEndorsementMembers = z.strictObject({ ...endorsementShape, proof: proofMembers })
