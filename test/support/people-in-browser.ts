import type { Cookie, Page } from 'playwright-core'
import { paths } from '../../src/web/paths.ts'
import type { TestService } from './app.ts'
import { openBrowser, openPage, type PageWishes } from './browser.ts'
import { type ClientName, type Foundation, password } from './given.ts'
import { passSecondFactor } from './staff.ts'

/** The service on a port of its own and a real browser in front of it. */
export type PeopleInBrowser = {
  readonly baseURL: string
  /** A page on which nobody is signed in. */
  open(wishes?: PageWishes): Promise<Page>
  /** A page of a member of staff, on the front page. The first at a time signs in, the next ones go on with that session. */
  asStaff(signInName: string, wishes?: PageWishes): Promise<Page>
  /** A page of a client, on the passport; the same way. */
  asClient(foundation: Foundation, who: ClientName, wishes?: PageWishes): Promise<Page>
  close(): Promise<void>
}

/** Lets the service listen and opens the browser; close it in `afterAll`, before the service. */
export async function peopleInBrowser(service: TestService): Promise<PeopleInBrowser> {
  const baseURL = await service.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await openBrowser()
  const sessions = new Map<string, Cookie[]>()
  const open = async (wishes: PageWishes = {}): Promise<Page> => await openPage(browser, { ...wishes, baseURL })

  const signedIn = async (
    who: string,
    wishes: PageWishes,
    { start, signIn }: { readonly start: string; readonly signIn: (page: Page) => Promise<void> },
  ): Promise<Page> => {
    const page = await open(wishes)
    // Another time on the test's clock is another visit: by then the session may have ended.
    const visit = `${who} ${service.deps.now().toISOString()}`
    const session = sessions.get(visit)
    if (session) {
      await page.context().addCookies(session)
      await page.goto(start)
    } else {
      await signIn(page)
      sessions.set(visit, await page.context().cookies())
    }
    return page
  }

  return {
    baseURL,
    open,
    asStaff: async (signInName, wishes = {}) =>
      await signedIn(signInName, wishes, {
        start: paths.home(),
        signIn: async (page) => {
          await enterPassword(page, signInName)
          await passSecondFactor(page, service, signInName)
        },
      }),
    asClient: async (foundation, who, wishes = {}) =>
      await signedIn(foundation.clients[who], wishes, {
        start: paths.passport(),
        signIn: async (page) => await enterCode(page, await foundation.code8(who)),
      }),
    close: async () => await browser.close(),
  }
}

/** A member of staff gives the password: inside, or where the second factor is asked for. */
export async function enterPassword(page: Page, signInName: string): Promise<void> {
  await page.goto(paths.signIn())
  await page.locator('#email').fill(signInName)
  await page.locator('#password').fill(password)
  await page.locator('#password').press('Enter')
  await page.waitForURL((url) => url.pathname !== paths.signIn())
}

/** A client gives a one-time code and comes to the passport. */
export async function enterCode(page: Page, code: string, options: { readonly shared?: boolean } = {}): Promise<void> {
  await page.goto(paths.signInCode())
  await page.locator('#code').fill(code)
  if (options.shared) await page.getByRole('checkbox').check()
  await page.locator('#code').press('Enter')
  await page.waitForURL((url) => url.pathname === paths.passport())
}
