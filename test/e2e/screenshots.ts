import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { PASSWORD } from '../../src/commands/demo/staff.ts'
import { openAnAccount } from './account-pictures.ts'
import { talkAndLookUp } from './chat-pictures.ts'
import { PAGINAS, paginasMarkdown, picturesOf } from './paginas.ts'
import { PANTALLAS, type Pantalla, type Quien } from './pantallas.ts'
import { DESK, FOLDER, HERE, openBrowser, PHONE, press, takeBoth } from './picture.ts'
import { freePort, start } from './program.ts'
import { openPlatforms } from './screenshot-platforms.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Milliseconds in which a town is made, on a busy machine too. */
const FILLING = 600_000
const DEVICES = [
  { suffix: '', options: DESK },
  { suffix: '-360', options: PHONE },
]

/**
 * `npm run pantallas`: every page of the demo as a browser shows it, in light and dark, on a desk and a phone, into docs/img, and
 * docs/paginas.md that shows them all; with names after it, those pages alone (`chat` and `cuenta` are what is taken on the way of a
 * report and of an invitation). DATA_DIR names a demo that is there already.
 */
async function takeAll(): Promise<void> {
  const only = new Set(process.argv.slice(2))
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-pantallas-'))
  const platforms = await openPlatforms(folder)
  const env = {
    ...platforms.env,
    DATA_DIR: process.env.DATA_DIR ?? join(folder, 'demo'),
    PORT: String(await freePort()),
  }
  const program = await start({ cwd: ROOT, env }, 'src/commands/demo.ts', FILLING)
  const browser = await openBrowser()
  try {
    await mkdir(FOLDER, { recursive: true })
    const failed = await takeFrom(program.url, browser, only)
    await writeFile(PAGINAS, paginasMarkdown())
    if (only.size === 0) await removeUnknown()
    process.stdout.write(failed.map((one) => `FAILED ${one}\n`).join(''))
    process.exitCode = failed.length > 0 ? 1 : 0
  } finally {
    await browser.close()
    await program.stop()
    await platforms.close()
    await rm(folder, { recursive: true })
  }
}

type Visit = (options: BrowserContextOptions) => Promise<Page>

async function takeFrom(url: string, browser: Browser, only: ReadonlySet<string>): Promise<string[]> {
  const visit: Visit = (options) => browser.newPage({ ...HERE, baseURL: url, ...options })
  const wanted = PANTALLAS.flatMap(({ pantallas }) => pantallas).filter((p) => only.size === 0 || only.has(p.nombre))
  const failed: string[] = []
  for (const [name, journey] of Object.entries({ chat: takeChat, cuenta: takeAccount })) {
    if (only.size > 0 && !only.has(name)) continue
    for (const device of DEVICES) {
      failed.push(...(await unlessFails(`${name}${device.suffix}`, () => journey(visit, device))))
    }
  }
  for (const quien of new Set(wanted.map((one) => one.quien))) {
    for (const { suffix, options } of DEVICES) {
      const page = await visit(options)
      const out = await unlessFails(`${quien}${suffix}`, () => logIn(page, quien))
      failed.push(...out)
      const theirs = out.length > 0 ? [] : wanted.filter((one) => one.quien === quien)
      for (const one of theirs) {
        failed.push(...(await unlessFails(`${one.nombre}${suffix}`, () => takeOne(page, one, suffix))))
      }
      await page.context().close()
    }
  }
  return failed
}

async function takeChat(visit: Visit, { suffix, options }: (typeof DEVICES)[number]): Promise<void> {
  const page = await visit(options)
  await talkAndLookUp(page, suffix)
  await page.context().close()
}

async function takeAccount(visit: Visit, { suffix, options }: (typeof DEVICES)[number]): Promise<void> {
  const [admin, person] = [await visit(options), await visit(options)]
  await logIn(admin, 'admin')
  await openAnAccount(admin, person, suffix)
  for (const page of [admin, person]) await page.context().close()
}

async function logIn(page: Page, quien: Quien): Promise<void> {
  if (quien === null) return
  await page.goto('/admin/login')
  await page.getByLabel('Correo electrónico').fill(`${quien}@demo.local`)
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await press(page, 'Entrar')
  await page.getByRole('button', { name: 'Salir' }).waitFor({ timeout: 60_000 })
}

async function takeOne(page: Page, { nombre, en, hasta, estado = 200 }: Pantalla, suffix: string): Promise<void> {
  page.setDefaultTimeout(20_000)
  const answer = await page.goto(en)
  if (answer?.status() !== estado) throw new Error(`${en} answered ${answer?.status()}`)
  await hasta?.(page)
  const bytes = await takeBoth(page, `${nombre}${suffix}`)
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  const warning = wide > 0 ? `  ${wide} px too wide` : ''
  process.stdout.write(`docs/img/${nombre}${suffix}  ${Math.round(bytes / 1024)} kB${warning}\n`)
}

/** One page that cannot be taken does not keep the others from being taken; gives which it was, and why. */
async function unlessFails(name: string, take: () => Promise<void>): Promise<string[]> {
  try {
    await take()
    return []
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message.split('\n').slice(0, 4).join(' ') : error}`]
  }
}

/** A picture of a page that is not in the table any more goes. */
async function removeUnknown(): Promise<void> {
  const known = new Set(picturesOf())
  for (const file of await readdir(FOLDER)) if (!known.has(file)) await rm(join(FOLDER, file))
}

await takeAll()
