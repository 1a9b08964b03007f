import { z } from 'zod'

/** Pieces that the checks of both versions are made of. Every text is non-empty, so that nothing is written without content. */
export const text = z.string().min(1)
/** ISO 8601 in UTC with whole seconds (CONFORMANCE 1.2, 3.4). */
export const instantText = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'Not an instant in UTC with whole seconds')
export const urnUuid = z
  .string()
  .regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'Not a urn:uuid')
/** https anywhere, http only on loopback (DESIGN, Origins). No user part, no spaces. */
export const address = z
  .string()
  .regex(/^(https:\/\/[^\s/@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/[^\s]*)?$/, 'Not a public address')
export const language = z.enum(['fi', 'sv', 'en'])
export const versionText = z.string().regex(/^[1-9]\d*$/, 'Not a version number')
export const email = z.email()
/** CONFORMANCE 5.1: MD5 is read, never written. */
export const identityHashText = z.string().regex(/^sha256\$[0-9a-f]{64}$/, 'Not an identity hash')
export const saltText = z.string().regex(/^[0-9a-f]{32,}$/, 'Not 128 random bits as hex')
