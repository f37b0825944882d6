import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { PASSWORD } from '../src/commands/demo/staff.ts'
import { HERE, openBrowser, PHONE } from '../test/e2e/picture.ts'
import { freePort, start } from '../test/e2e/program.ts'
import type { Line } from './table.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Milliseconds in which the demo's town is made. */
const FILLING = 600_000
/** How often each page is opened; the middle one counts. */
const TIMES = 5

/** As Lighthouse's slow 4G, in milliseconds and bytes a second. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 93_750 }
/** How many times slower than this processor the phone's is. */
const SLOWER = 4

/** Whose pages, where, and the first link of which page when it is not an address of its own. */
const PAGES: [quien: string, what: string, path: string, link?: string][] = [
  ['enlace.ssp', 'tray', '/admin?estado=PROCESO'],
  ['enlace.ssp', 'detail of a petition', '/admin?estado=PROCESO', 'a[href^="/admin/peticiones/"]'],
  ['capturista', 'conversations', '/admin/conversaciones'],
  ['capturista', 'a conversation', '/admin/conversaciones', 'a[href^="/admin/conversaciones/"]'],
  ['capturista', 'capture', '/admin/captura'],
  ['titular.op', 'dashboard', '/admin/tablero'],
  ['validador', 'validation', '/admin/validacion'],
  ['comunicacion', 'redes', '/admin/redes'],
  ['admin', 'channels', '/admin/canales'],
  ['admin', 'users', '/admin/usuarios'],
]

/** When pages of the demo are first seen on a slow phone that comes for the first time. DATA_DIR names a demo that is there already. */
export async function benchPaint(log: (line: string) => void): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-paint-'))
  const env = { DATA_DIR: process.env.DATA_DIR ?? folder, PORT: String(await freePort()), LOG_LEVEL: 'warn' }
  const program = await start({ cwd: ROOT, env }, 'src/commands/demo.ts', FILLING)
  const browser = await openBrowser()
  try {
    return await measureAll(program.url, browser, log)
  } finally {
    await browser.close()
    await program.stop()
    await rm(folder, { recursive: true })
  }
}

async function measureAll(url: string, browser: Browser, log: (line: string) => void): Promise<Line[]> {
  const lines: Line[] = [
    ['pages on a slow phone (slow 4G, CPU ×4), nothing kept', 'first ≤ 1,000 ms', 'first / largest'],
  ]
  for (const quien of new Set(PAGES.map(([one]) => one))) {
    const page = await browser.newPage({ ...HERE, ...PHONE, baseURL: url })
    await logIn(page, quien)
    const cdp = await page.context().newCDPSession(page)
    for (const [, what, path, link] of PAGES.filter(([one]) => one === quien)) {
      const value = await measure(page, cdp, await addressOf(page, path, link))
      log(`${what}: ${value}`)
      lines.push([`  ${what}`, '', value])
    }
    await page.context().close()
  }
  return lines
}

async function logIn(page: Page, quien: string): Promise<void> {
  await page.goto('/admin/login')
  await page.getByLabel('Correo electrónico').fill(`${quien}@demo.local`)
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await page.getByRole('button', { name: 'Entrar' }).click()
  await page.getByRole('button', { name: 'Salir' }).waitFor()
}

async function addressOf(page: Page, path: string, link?: string): Promise<string> {
  if (link === undefined) return path
  await page.goto(path)
  return (await page.locator(`main ${link}`).first().getAttribute('href')) ?? path
}

async function measure(page: Page, cdp: CDPSession, path: string): Promise<string> {
  // Opened once before: the phone is slow, not the server's first time.
  await page.goto(path)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  await cdp.send('Network.emulateNetworkConditions', SLOW_4G)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  const seen: { first: number; largest: number }[] = []
  for (let time = 0; time < TIMES; time++) {
    await page.goto(path, { waitUntil: 'load' })
    seen.push(await page.evaluate<{ first: number; largest: number }>(PAINTS))
  }
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await cdp.send('Network.disable')
  const middle = (of: 'first' | 'largest') =>
    Math.round(seen.map((one) => one[of]).toSorted((a, b) => a - b)[TIMES >> 1] ?? 0)
  return `${middle('first')} / ${middle('largest')} ms`
}

const PAINTS = `new Promise((done) => {
  new PerformanceObserver((list) => {
    const [first] = performance.getEntriesByName('first-contentful-paint')
    done({ first: first.startTime, largest: list.getEntries().at(-1).startTime })
  }).observe({ type: 'largest-contentful-paint', buffered: true })
})`
