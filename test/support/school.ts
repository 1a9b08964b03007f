import { randomUUID } from 'node:crypto'
import { foundOrganisation } from '../../src/foundations/found.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { createTasks } from '../../src/tasks.ts'
import type { ApiClient, Browser, TestService } from './app.ts'
import { password } from './given.ts'
import { givenAccount, asStaff, signInByPage } from './staff.ts'

/** A school of the test's own, with one member of staff. */
export type School = {
  readonly code: string
  readonly name: string
  readonly email: string
  as(): Promise<ApiClient>
  browser(): Promise<Browser>
}

export async function givenSchool(service: TestService, name = 'Pohjolan opisto'): Promise<School> {
  const code = `s${randomUUID().slice(0, 3)}`
  const { deps, database } = service
  await foundOrganisation(
    { ...deps, ownerDb: database.ownerDb },
    { code, kind: 'school', name, url: `https://${code}.example`, email: `toimisto@${code}.example` },
  )
  const email = `outi@${code}.example`
  await givenAccount(deps, code, { signInName: email, password, displayName: 'Outi O.', roles: ['school'] })
  return {
    code,
    name,
    email,
    as: async () => await asStaff(service, email, password),
    browser: async () => {
      const browser = service.browser()
      await signInByPage(browser, email, password)
      return browser
    },
  }
}

/** Lets every waiting job be done. */
export async function doJobs(service: TestService): Promise<void> {
  await runOnce(service.database.jobsUrl, createTasks(service.deps), service.deps.log)
}
