import { test } from 'vitest'
import { startService } from '../support/app.ts'
import { withRoutes, nameOf } from './seen-routes.ts'
test('x', async () => {
  const { made, routes } = await withRoutes(async () => await startService())
  console.log(routes.map((r) => `${nameOf(r)} ${r.permit} ${r.hasBody} ${r.openToAll}`).join('\n'))
  for (const url of ['/api/v1/%zz', '/api/v1/clients/' + 'a'.repeat(10000), '/%61pi/v1/clients', '//', '//[', 'http://x/api/v1/clients', '/api/v1/clients/%00']) {
    const a = await made.app.inject({ url, headers: { accept: 'text/html' } }).catch((e) => ({ statusCode: 'threw ' + e, headers: {}, body: '' }))
    console.log(url.slice(0, 40), a.statusCode, a.headers['content-type'], a.headers['request-id'], a.body.slice(0, 200))
  }
  await made.close()
})
