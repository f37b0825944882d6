import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
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
]

/** A phone as most citizens and enlaces have. */
export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }

/** The panel with real browsers before it. */
export interface PanelWithBrowser extends TestPanel {
  /** Opens a browser, logs somebody in and gives the page; what the console complains of lies in `complaints`. */
  enter(email: string, options?: BrowserContextOptions): Promise<Page & { complaints: string[] }>
  /** Opens a browser in which nobody is logged in. */
  visit(url: string, options?: BrowserContextOptions): Promise<Page & { complaints: string[] }>
  close(): Promise<void>
}

/** Starts the panel on a port of its own, and one browser for all the tests of a file. */
export async function startPanelWithBrowser(options: Parameters<typeof startPanel>[0] = {}): Promise<PanelWithBrowser> {
  const panel = await startPanel(options)
  const base = await panel.app.listen({ port: 0, host: '127.0.0.1' })
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS })
  const visit = async (url: string, options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ locale: 'es-MX', baseURL: base, ...options })
    onTestFinished(() => context.close())
    const page = Object.assign(await context.newPage(), { complaints: [] as string[] })
    // The tiles of the map are another's; a test asks nothing of the world.
    await page.route(/^https:/, (route) => route.fulfill({ status: 200, contentType: 'image/svg+xml', body: '' }))
    page.on('console', (line) => line.type() === 'error' && page.complaints.push(line.text()))
    page.on('pageerror', (error) => page.complaints.push(error.message))
    await page.goto(url)
    return page
  }
  return {
    ...panel,
    visit,
    async enter(email, options = {}) {
      const page = await visit('/admin', options)
      await page.getByLabel('Correo electrónico').fill(email)
      await page.getByLabel('Contraseña').fill(PASSWORD)
      await page.getByRole('button', { name: 'Entrar' }).click()
      await page.getByRole('button', { name: 'Salir' }).waitFor()
      await page.waitForLoadState('load')
      return page
    },
    close: () => browser.close(),
  }
}

/** What axe finds against WCAG 2.2 AA and good practice, and whether the page is wider than the screen. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)')
  const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  return wide ? [...found, `${page.url()} is wider than the screen`] : found
}
