import type { MultipartFile } from '@fastify/multipart'

/** What a form brought: its texts and its files, whichever way it was sent. */
export type FormParts = {
  readonly texts: ReadonlyMap<string, string>
  readonly files: ReadonlyMap<string, { readonly name: string; readonly bytes: Uint8Array }>
  /** Fields or files that were longer than is read, and so are not whole. */
  readonly tooLarge: ReadonlySet<string>
}

/**
 * Reads a form's body, multipart or URL-encoded. Of several parts with one name the first counts. Nothing else is looked at: what is
 * neither text nor file is left out.
 */
export async function readParts(body: unknown): Promise<FormParts> {
  const texts = new Map<string, string>()
  const files = new Map<string, { name: string; bytes: Uint8Array }>()
  const tooLarge = new Set<string>()
  for (const [name, value] of Object.entries(isRecord(body) ? body : {})) {
    const part: unknown = Array.isArray(value) ? value[0] : value
    if (typeof part === 'string') texts.set(name, part)
    if (!isRecord(part)) continue
    if (isFile(part)) {
      if (part.file.truncated) tooLarge.add(name)
      files.set(name, { name: part.filename ?? '', bytes: await part.toBuffer() })
    } else if (typeof part['value'] === 'string') {
      if (part['valueTruncated'] === true) tooLarge.add(name)
      texts.set(name, part['value'])
    }
  }
  return { texts, files, tooLarge }
}

/** The parsing door for what the multipart plugin made; a URL-encoded body holds text only and so never looks like this. */
function isFile(part: object): part is MultipartFile {
  return 'type' in part && part.type === 'file' && 'toBuffer' in part && typeof part.toBuffer === 'function'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
