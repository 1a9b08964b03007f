import { createServer } from 'node:net'

/** A port that nobody else gets until it is let go. */
export type HeldPort = { readonly port: number; readonly letGo: () => Promise<void> }

/**
 * Holds the wanted port, or another free one when a program has it: two demos that start at once meet people at different doors. Throws when
 * this machine has no free port.
 */
export async function holdPort(wanted: number): Promise<HeldPort> {
  const held = (await hold(wanted)) ?? (await hold(0))
  if (!held) throw new Error('this machine has no free port')
  return held
}

async function hold(wanted: number): Promise<HeldPort | undefined> {
  return await new Promise((resolve) => {
    // A start that fails must not be held up by the port it never came to use.
    const server = createServer().unref()
    server.once('error', () => resolve(undefined))
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : wanted
      resolve({ port, letGo: async () => await new Promise((done) => server.close(() => done())) })
    })
  })
}
