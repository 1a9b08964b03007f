import { writeFile } from 'node:fs/promises'
import { WrongUse } from './command.ts'

/** Writes a file that was named on the command line. One that is there is replaced only when the person says so. Throws `WrongUse`. */
export async function writeOutputFile(name: string, bytes: Uint8Array | string, mayReplace: boolean): Promise<void> {
  try {
    await writeFile(name, bytes, { flag: mayReplace ? 'w' : 'wx' })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    throw new WrongUse(`${name} cannot be written: ${why(String(error.code))}.`)
  }
}

function why(code: string): string {
  switch (code) {
    case 'EEXIST':
      return 'it is there already. Give another name, or --yes to replace it'
    case 'ENOENT':
      return 'its folder is not there'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this user may not write there'
    default:
      return code
  }
}
