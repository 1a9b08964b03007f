import type { FeatureDeps } from '../features.ts'
import type { App } from '../http/app-type.ts'
import { presentVerdict } from './present.ts'
import { badgeTypes, readPresented } from './request.ts'
import { VerificationBody } from './schema.ts'
import { maxBadgeBytes, verifyPresented } from './verify.ts'

/** `POST /api/v1/verifications`, open to all (PRODUCT §7, Verification): the same rule as `/tarkista`. */
export function verificationRoutes(app: App, deps: FeatureDeps): void {
  void app.register(async (scope) => {
    // As bytes: a badge is judged as it was sent, and our own reader sees what JSON.parse would hide.
    scope.addContentTypeParser(
      ['application/json', ...badgeTypes],
      { parseAs: 'buffer' },
      async (_: unknown, body: Buffer) => await Promise.resolve(body),
    )
    const schema = { response: { 200: VerificationBody } }
    const bodyTypes = ['application/json', 'multipart/form-data', ...badgeTypes]
    scope.post(
      '/api/v1/verifications',
      { schema, bodyLimit: maxBadgeBytes, config: { permit: 'public', rateLimit: 'verify', bodyTypes } },
      async (request, reply) => {
        const presented = await readPresented(request.headers['content-type'], request.body)
        const verdict = await verifyPresented(deps, presented, deps.now())
        void reply.header('cache-control', 'no-store').header('content-language', request.language)
        return presentVerdict(verdict, request.language)
      },
    )
  })
}
