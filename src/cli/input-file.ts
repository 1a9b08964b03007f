import { open } from 'node:fs/promises'
import { Refusal } from '../refusal.ts'
import { type Io, WrongUse } from './command.ts'

/** The bytes of a file that was named on the command line, or of standard input for `-`. Reads no more than it must to see that it is too large. */
export async function readInputFile(
  name: string | undefined,
  io: Pick<Io, 'stdin'>,
  maxBytes: number,
): Promise<Uint8Array> {
  if (name === undefined) throw new WrongUse('Say which file, or - for standard input.')
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of name === '-' ? io.stdin : await streamOf(name)) {
      const bytes = Buffer.from(part)
      size += bytes.length
      if (size > maxBytes)
        throw new Refusal('too-large', `${name} is larger than ${maxBytes} bytes, the most that is read`)
      parts.push(bytes)
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause instanceof Refusal) throw cause
    const refusal = new Refusal('unreadable', `${name} cannot be read: ${why(String(cause.code))}`)
    refusal.cause = cause
    throw refusal
  }
  return Buffer.concat(parts)
}

/** The same where a file that cannot be read is wrong use, and not an answer about what is in it. */
export async function namedFile(
  name: string | undefined,
  io: Pick<Io, 'stdin'>,
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    return await readInputFile(name, io, maxBytes)
  } catch (error) {
    throw error instanceof Refusal ? new WrongUse(`${error.message}.`) : error
  }
}

async function streamOf(name: string): Promise<NodeJS.ReadableStream> {
  return (await open(name)).createReadStream()
}

function why(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
      return 'this user may not read it'
    default:
      return code
  }
}
