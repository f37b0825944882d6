import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import type { AxeResults, RunOptions } from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { CHROMIUM } from '../parts.ts'
import { PASSWORD, startPanel, type TestPanel } from './panel.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--in-process-gpu',
  // A test asks nothing of the world; the tiles of the map are another's, and are not there. By a rule of the resolver and not by
  // routes: those would lead each request through the test and switch the browser's cache off.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]
/** Milliseconds after which a browser that does not let go of a context is left to be ended with all it holds. */
const LETTING_GO = 20_000

// Only the test of push notices has a service worker: in every other context it could but be in the way of closing it.
const HERE: BrowserContextOptions = { locale: 'es-MX', reducedMotion: 'reduce', serviceWorkers: 'block' }

/** A phone as most citizens and enlaces have. */
export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }

/** A page of which what the console complains of lies in `complaints`. */
export type WatchedPage = Page & { complaints: string[] }

/** The panel with real browsers before it. */
export interface PanelWithBrowser extends TestPanel {
  /** Opens a browser in which somebody is logged in, at `url` (the first page when left out). */
  enter(email: string, options?: BrowserContextOptions, url?: string): Promise<WatchedPage>
  /** Opens a browser in which nobody is logged in. */
  visit(url: string, options?: BrowserContextOptions): Promise<WatchedPage>
  close(): Promise<void>
}

/** Starts the panel on a port of its own, and one browser for all the tests of a file. */
export async function startPanelWithBrowser(options: Parameters<typeof startPanel>[0] = {}): Promise<PanelWithBrowser> {
  const panel = await startPanel(options)
  const base = await panel.app.listen({ port: 0, host: '127.0.0.1' })
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS })
  const open = async (options: BrowserContextOptions) => {
    const context = await browser.newContext({ ...HERE, baseURL: base, ...options })
    onTestFinished(() => letGo(context))
    return watched(await context.newPage())
  }
  const visit: PanelWithBrowser['visit'] = async (url, options = {}) => {
    const page = await open(options)
    await page.goto(url)
    return page
  }
  return {
    ...panel,
    visit,
    async enter(email, options = {}, url = '/admin') {
      const page = await open(options)
      const { name, value } = await sessionOf(panel, email)
      await page.context().addCookies([{ name, value, url: base }])
      await page.goto(url)
      return page
    },
    close: () => browser.close(),
  }
}

/** Logs in past the page for it, which has tests of its own. */
async function sessionOf({ app }: TestPanel, email: string): Promise<{ name: string; value: string }> {
  const payload = new URLSearchParams({ email, password: PASSWORD }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const cookie = (await app.inject({ method: 'POST', url: '/admin/login', payload, headers })).cookies.at(-1)
  if (!cookie?.value) throw new Error(`${email} is not let in`)
  return cookie
}

function watched(page: Page): WatchedPage {
  const complaints: string[] = []
  page.on('console', (line) => {
    const ours = !line.location().url.startsWith('https:')
    if (line.type() === 'error' && ours) complaints.push(line.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return Object.assign(page, { complaints })
}

/**
 * Closes a context. Chromium at times never answers that it did (a service worker that was about to start, a download under way): the
 * verdict of a test is not its own then, and `close` ends the browser with all that is left.
 */
async function letGo(context: BrowserContext): Promise<void> {
  const patience = new AbortController()
  await Promise.race([context.close(), pause(LETTING_GO, undefined, { signal: patience.signal })])
  patience.abort()
}

/** What axe finds against WCAG 2.2 AA and good practice, and whether the page is wider than the screen. */
export async function faultsOf(page: Page): Promise<string[]> {
  const found = await axe(page, {})
  const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
  return wide ? [...found, `${page.url()} is wider than the screen`] : found
}

/** What axe finds of contrast, which is what another colour scheme can change. */
export const contrastFaultsOf = (page: Page): Promise<string[]> =>
  axe(page, { runOnly: { type: 'rule', values: ['color-contrast'] } })

async function axe(page: Page, options: RunOptions): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(`${AXE}; undefined`)
  const wanted = { ...options, resultTypes: ['violations'] }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(wanted)})`)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
