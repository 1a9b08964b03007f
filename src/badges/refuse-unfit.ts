import { UnfitToSign } from '../credentials/issue.ts'
import { Refusal } from '../refusal.ts'

/**
 * Does work that builds and signs something. What the checks before signing find wrong becomes a refusal (`unfit-to-sign`) with a JSON pointer
 * to each place in the document (S-24); anything else that is thrown goes on.
 */
export async function refuseUnfit<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UnfitToSign)) throw error
    const refusal = new Refusal('unfit-to-sign', 'It would say something it must not. Nothing was signed', {
      fields: error.faults.map(({ pointer, code, detail }) => ({ pointer, code, detail })),
    })
    refusal.cause = error
    throw refusal
  }
}
