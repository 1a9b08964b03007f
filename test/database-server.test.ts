import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { BadSettings, loadConfig } from '../src/config.ts'
import { openDatabase } from '../src/database-server.ts'
import { pendingMigrations } from '../src/db/migrate.ts'
import { emptyDatabase } from './support/database.ts'

test('a throw-away database is ready to use, leaves nothing in the data folder, and is gone afterwards', async () => {
  const dataDir = join(tmpdir(), `never-made-${process.pid}`)
  const env = { DATA_DIR: dataDir, DATABASE_URL: 'postgresql://nobody:none@127.0.0.1:1/none' }
  const opened = await openDatabase(loadConfig(env), env, { temporary: true })
  expect(opened.migrated.length).toBeGreaterThan(0)
  expect(await pendingMigrations(opened.serviceUrl)).toEqual([])
  await opened.stop()
  await expect(pendingMigrations(opened.serviceUrl)).rejects.toThrow('ECONNREFUSED')
  await expect(readdir(dataDir)).rejects.toThrow('ENOENT')
})

test('a database of one’s own is not moved forward without being asked', async () => {
  const empty = await emptyDatabase()
  const env = { ...inject('server').secrets, DATABASE_URL: empty.ownerUrl }
  const opened = await openDatabase(loadConfig(env), env)
  expect(opened.migrated).toEqual([])
  expect((await pendingMigrations(opened.serviceUrl)).length).toBeGreaterThan(0)
  await opened.stop()
  await empty.close()
})

test('an owner who may not make roles is told what to do', async () => {
  const empty = await emptyDatabase()
  const owner = new pg.Client({ connectionString: empty.ownerUrl })
  await owner.connect()
  await owner.query(`create role humble_${process.pid} login password 'humble'`)
  const url = new URL(empty.ownerUrl)
  url.username = `humble_${process.pid}`
  url.password = 'humble'
  const env = {
    ...inject('server').secrets,
    DATABASE_SERVICE_PASSWORD: 'R2nL0vZqkYx7WmT4bHs9JcEdGfAuPiOw',
    DATABASE_URL: url.href,
  }
  await expect(openDatabase(loadConfig(env), env)).rejects.toThrow(BadSettings)
  await owner.query(`drop role humble_${process.pid}`)
  await owner.end()
  await empty.close()
})
