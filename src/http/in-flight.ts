import type { App } from './app-type.ts'

/** So long a stop waits for work whose client has gone. The process itself is given nine seconds. */
const patience = 7000

/**
 * Closing waits for every request that is still at work, also for one whose client hung up meanwhile: its connection is gone, so the
 * server does not wait for it, but its work goes on and needs the database. Register it before anything that asks the database.
 */
export function closeWhenIdle(app: App): void {
  const working = new Set<string>()
  let idle: (() => void) | undefined

  const done = (id: string): void => {
    working.delete(id)
    if (working.size === 0) idle?.()
  }
  app.addHook('onRequest', (request, _reply, next) => {
    working.add(request.id)
    next()
  })
  // What is answered has been worked out. This comes for a refusal too, and whether or not anybody still listens.
  app.addHook('onSend', (request, _reply, _payload, next) => {
    done(request.id)
    next()
  })
  app.addHook('onClose', async () => {
    if (working.size === 0) return
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, patience)
      idle = () => {
        clearTimeout(late)
        resolve()
      }
    })
  })
}
