import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    // Files share their worker and what it has loaded and compiled: half the time. So a file puts back what it changes of the process, and
    // what a module remembers is remembered by content or by object.
    isolate: false,
    projects: [
      {
        extends: true,
        // The credential core needs nothing but itself: no database is started when only its tests run.
        test: { name: 'credentials', include: ['test/credentials/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['test/**/*.test.ts'],
          exclude: ['test/credentials/**'],
          // Files side by side, each on its own copy of the migrated database.
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
    // `npm run coverage`: of the credential core by its own tests. What is left out says why, beside it.
    coverage: {
      provider: 'v8',
      include: ['src/credentials/**/*.ts'],
      reporter: ['text'],
      thresholds: { branches: 95 },
    },
  },
})
