import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
]
const unpacked = fileURLToPath(new URL('../../node_modules/.cache/chromium-147.0.0', import.meta.url))

/** The package's own font and no other, so that pages look the same on every machine; its own settings look in fixed places only. */
const fontSettings = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(unpacked, 'fonts')}</dir><cachedir>${join(unpacked, 'fonts-cache')}</cachedir></fontconfig>
`

/**
 * A real Chromium. On Linux x64 it comes with its libraries from npm, so a bare machine will do; elsewhere `CHROMIUM_PATH` names one.
 * Close it in `afterAll`. Throws one sentence that says what to do when there is no browser.
 */
export async function openBrowser(): Promise<Browser> {
  const own = process.env['CHROMIUM_PATH']
  if (own !== undefined && own !== '') return await launch(own, {})
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The browser tests need a Chromium: set CHROMIUM_PATH to its program file')
  }
  const home = await unpack()
  return await launch(join(home, 'chromium'), {
    LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
    FONTCONFIG_FILE: join(home, 'fonts.conf'),
  })
}

export type PageWishes = {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  readonly javaScript?: boolean
  readonly forcedColors?: boolean
  /** What relative addresses are relative to. */
  readonly baseURL?: string
}

/** A page in a context of its own: no cookies from elsewhere, Finnish, no motion. */
export async function openPage(browser: Browser, wishes: PageWishes = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: wishes.width ?? 1280, height: wishes.height ?? 800 },
    colorScheme: wishes.dark ? 'dark' : 'light',
    javaScriptEnabled: wishes.javaScript ?? true,
    forcedColors: wishes.forcedColors ? 'active' : 'none',
    reducedMotion: 'reduce',
    locale: 'fi-FI',
    timezoneId: 'Europe/Helsinki',
    ...(wishes.baseURL === undefined ? {} : { baseURL: wishes.baseURL }),
  })
  return await context.newPage()
}

async function launch(executablePath: string, env: Readonly<Record<string, string>>): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: ['--headless=shell', ...flags],
    ignoreDefaultArgs: ['--headless'],
    env: { ...process.env, ...env },
  })
}

/**
 * Unpacks the browser once for the project. The package writes into the temporary directory and is not safe for two at a time, so each
 * gets a directory of its own and the first one to finish gives its name to the result.
 */
async function unpack(): Promise<string> {
  if (existsSync(unpacked)) return unpacked
  await mkdir(dirname(unpacked), { recursive: true })
  const directory = await mkdtemp(`${unpacked}-`)
  const before = { ...process.env }
  // These two tell the package to unpack its own libraries, and where to.
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs24.x'
  process.env['TMPDIR'] = directory
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
  } finally {
    restore(before)
  }
  await writeFile(join(directory, 'fonts.conf'), fontSettings)
  await rename(directory, unpacked).catch(async () => {
    await rm(directory, { recursive: true, force: true })
  })
  return unpacked
}

function restore(before: NodeJS.ProcessEnv): void {
  for (const name of ['AWS_LAMBDA_JS_RUNTIME', 'TMPDIR', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME']) {
    const value = before[name]
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
}
