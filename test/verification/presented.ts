import type { PresentedVerdict } from '../../src/verification/present.ts'
import type { Documents } from '../support/badge-world.ts'

/** The parsing door of these tests: an answer whose shape is what they look at. */
export function verdictOf(response: { json(): unknown }): PresentedVerdict {
  return response.json() as PresentedVerdict
}

/** Codes of the checks that did not pass, by check. */
export function faultsOf(verdict: PresentedVerdict): Record<string, string> {
  return Object.fromEntries(
    verdict.checks.filter(({ outcome }) => outcome !== 'passed').map(({ id, code }) => [id, code]),
  )
}

/** Documents as `world.json` has them. */
export function worldOf(documents: Documents): Record<string, { status: number; contentType: string; body: string }> {
  return Object.fromEntries(
    Object.entries(documents).map(([address, document]) => [
      address,
      { status: 200, contentType: 'application/json', body: JSON.stringify(document) },
    ]),
  )
}

/** A text with one letter of its middle changed, so that its form stays what it was. */
export function withOneLetterChanged(text: string, at = Math.floor(text.length / 2)): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}

export type Part = { readonly name: string; readonly text: string } | FilePart
type FilePart = { readonly name: string; readonly file: string; readonly bytes: Uint8Array; readonly type?: string }

const boundary = 'x-boundary-of-the-test'
export const multipartType = `multipart/form-data; boundary=${boundary}`

/** A multipart body as a browser sends it. */
export function multipartOf(...parts: readonly Part[]): Buffer {
  const written = parts.flatMap((part) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"`
    return 'text' in part
      ? [Buffer.from(`${head}\r\n\r\n${part.text}\r\n`)]
      : [
          Buffer.from(
            `${head}; filename="${part.file}"\r\nContent-Type: ${part.type ?? 'application/octet-stream'}\r\n\r\n`,
          ),
          part.bytes,
          Buffer.from('\r\n'),
        ]
  })
  return Buffer.concat([...written, Buffer.from(`--${boundary}--\r\n`)])
}
