import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BadSettings, type Config, loadConfig } from '../src/config.ts'

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof BadSettings) return error.faults
    throw error
  }
}

describe('settings', () => {
  test('without any, the service runs on this machine for trying', () => {
    expect(loadConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      publicOrigin: 'http://localhost:4000',
      pagesOrigin: 'http://localhost:4000',
      databaseUrl: undefined,
      dataDir: resolve('data'),
      secretsDir: resolve('data/secrets'),
      mayCreateSecrets: true,
      trustProxy: [],
      issuanceStopped: false,
      egressOpen: true,
      egressAllowOrigins: [],
      rateLimits: {},
      oidc: undefined,
      oidcOrganisations: [],
      poolSize: 10,
      logLevel: 'info',
    } satisfies Config)
  })

  test('all of them', () => {
    const config = loadConfig({
      PORT: '8080',
      HOST: '0.0.0.0',
      PUBLIC_ORIGIN: 'https://merkit.example',
      PAGES_ORIGIN: 'http://127.0.0.1:8080/',
      DATABASE_URL: 'postgresql://owner:a%2Fb@db.example:5432/passi',
      DATA_DIR: '/var/lib/passi',
      TRUST_PROXY: '127.0.0.1, 10.0.0.0/8,::1',
      ISSUANCE: 'stopped',
      EGRESS: 'off',
      EGRESS_ALLOW_ORIGINS: 'http://127.0.0.1:9000',
      RATE_LIMITS: 'verify=600,api=6000',
      POOL_SIZE: '20',
      LOG_LEVEL: 'warn',
    })
    expect(config).toMatchObject({
      publicOrigin: 'https://merkit.example',
      pagesOrigin: 'http://127.0.0.1:8080',
      mayCreateSecrets: false,
      secretsDir: '/var/lib/passi/secrets',
      trustProxy: ['127.0.0.1', '10.0.0.0/8', '::1'],
      issuanceStopped: true,
      egressOpen: false,
      egressAllowOrigins: ['http://127.0.0.1:9000'],
      rateLimits: { verify: 600, api: 6000 },
      poolSize: 20,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('pages are met where documents are, unless said otherwise; what is empty is not given', () => {
    expect(loadConfig({ PUBLIC_ORIGIN: 'https://merkit.example', PAGES_ORIGIN: '', DATABASE_URL: '' })).toMatchObject({
      pagesOrigin: 'https://merkit.example',
      databaseUrl: undefined,
    })
  })

  test('compose: a folder for secrets lets them be made with a database of one’s own too', () => {
    const config = loadConfig({ DATABASE_URL: 'postgres://o:p@db/passi', SECRETS_DIR: '/secrets' })
    expect(config).toMatchObject({ mayCreateSecrets: true, secretsDir: '/secrets' })
  })

  test.each([
    ['PUBLIC_ORIGIN', 'http://merkit.example'],
    ['PUBLIC_ORIGIN', 'http://192.168.1.5:4000'],
    ['PUBLIC_ORIGIN', 'http://localhost.example.com'],
    ['PUBLIC_ORIGIN', 'https://merkit.example/osoite'],
    ['PUBLIC_ORIGIN', 'merkit.example'],
    ['PUBLIC_ORIGIN', 'https://user:pass@merkit.example'],
    ['PAGES_ORIGIN', 'http://intra.example'],
    ['PORT', '70000'],
    ['PORT', '4e3'],
    ['POOL_SIZE', '0'],
    ['DATABASE_URL', 'mysql://a:b@c/d'],
    ['DATABASE_URL', 'postgres://nowhere'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/99'],
    ['ISSUANCE', 'yes'],
    ['EGRESS', 'maybe'],
    ['EGRESS_ALLOW_ORIGINS', 'https://host/path'],
    ['RATE_LIMITS', 'verify=lots'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s is refused with what to do, and without repeating it', (name, value) => {
    const faults = faultsOf({ [name]: value })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`^${name}: give `))
    if (value.length > 5) expect(faults[0]).not.toContain(value)
  })

  test('all faults are told at once', () => {
    expect(
      faultsOf({ PORT: 'x', ISSUANCE: 'on', PUBLIC_ORIGIN: 'http://a.example' }).map((fault) => fault.split(':')[0]),
    ).toEqual(['PORT', 'PUBLIC_ORIGIN', 'ISSUANCE'])
  })

  test.each(['http://localhost', 'http://127.0.0.1:4000', 'http://[::1]:4000', 'http://passi.localhost:1'])(
    '%s is for trying',
    (origin) => {
      expect(loadConfig({ PUBLIC_ORIGIN: origin }).publicOrigin).toBe(origin)
    },
  )
})
