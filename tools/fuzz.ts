/**
 * `npm run fuzz`: changes one byte of a valid badge, ten thousand times over all forms, and looks whether the change is refused or leaves the
 * identical badge. `npm run fuzz -- --changes 500 --seed 7` makes fewer, others. Says what was found and ends with 1 when something was.
 */
import { parseArgs } from 'node:util'
import { judgeOf, randomFrom, withChangedByte } from '../test/support/changed-byte.ts'
import { makeSamples, type Sample } from '../test/support/samples.ts'

const { values } = parseArgs({
  options: { changes: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const [changes, seed] = [Number(values.changes), Number(values.seed)]
if (!Number.isSafeInteger(changes) || changes < 1 || !Number.isSafeInteger(seed)) {
  throw new RangeError('--changes and --seed are whole numbers')
}

const { samples, documents } = await makeSamples()
const ofEach = Math.ceil(changes / samples.length)

async function fuzz(sample: Sample, place: number): Promise<number> {
  const { problemOf, unmet } = await judgeOf(sample, documents)
  if (unmet.length > 0) throw new Error(`${sample.name} is not valid to begin with: ${unmet.join(', ')}`)
  const random = randomFrom(seed * 1000 + place)
  let found = 0
  for (let count = 1; count <= ofEach; count += 1) {
    const changed = withChangedByte(sample.bytes, random)
    const problem = await problemOf(changed)
    if (problem === undefined) continue
    found += 1
    process.stdout.write(`${sample.name}, change ${count}: ${problem}\n${Buffer.from(changed).toString('base64')}\n`)
  }
  return found
}

let found = 0
for (const [place, sample] of samples.entries()) found += await fuzz(sample, place)
const made = `${ofEach * samples.length} changes of ${samples.length} badges with seed ${seed}`
process.stdout.write(
  `${made}: ${found === 0 ? 'each was refused or left the identical badge' : `${found} were taken`}\n`,
)
process.exitCode = found === 0 ? 0 : 1
