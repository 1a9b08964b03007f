import { beforeAll, expect, test } from 'vitest'
import { verify } from '../../src/credentials/verify.ts'
import { now } from '../support/award-facts.ts'
import { badgesOf, bytesOf, lookIn, publicDocuments, smallPng } from '../support/badge-world.ts'
import { bakePng } from '../../src/credentials/bake/png.ts'
test('x', async () => {
  const b = await badgesOf()
  const docs = await publicDocuments()
  for (const x of [bytesOf(b.ob2), bytesOf(b.ob3), bytesOf(b.json), bakePng(smallPng(), { ob3: b.ob3, ob2: b.ob2 })]) {
    const look = lookIn(docs)
    const v = await verify(x, look, { at: now })
    console.log(JSON.stringify(v, null, 1), look.asked)
  }
})
