import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { PASSWORD } from '../../src/commands/demo/staff.ts'
import { DESK, FOLDER, HERE, openBrowser, PHONE, press, take } from './picture.ts'
import { PHOTO } from './pictures.ts'
import { freePort, start } from './program.ts'
import { takeTableros } from './screenshots-tableros.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `node test/e2e/screenshots.ts`: the demo as a browser shows it, into docs/img; with a URL, of the demo that answers there; with `tableros` after it, those alone. */
async function takeAll(): Promise<void> {
  const [given, only] = process.argv.slice(2)
  const env = { PORT: String(await freePort()) }
  const program = given ? undefined : await start({ cwd: ROOT, env }, 'src/commands/demo.ts')
  const browser = await openBrowser()
  try {
    await mkdir(FOLDER, { recursive: true })
    await takeFrom(given ?? program?.url ?? '', browser, only)
  } finally {
    await browser.close()
    await program?.stop()
  }
}

async function takeFrom(url: string, browser: Browser, only: string | undefined): Promise<void> {
  const visit = (options: BrowserContextOptions) => browser.newPage({ ...HERE, baseURL: url, ...options })
  await takeTableros(await visit(DESK), '', take)
  await takeTableros(await visit(PHONE), '-360', take)
  if (only === 'tableros') return
  const light = await visit({ ...PHONE, colorScheme: 'light' })
  const dark = await visit({ ...PHONE, colorScheme: 'dark' })
  for (const page of [light, dark]) await askForPlace(page)
  await take(light, 'chat-360-claro')
  await take(dark, 'chat-360-oscuro')
  const given = await finish(light)
  await take(light, 'chat-360-folio')
  await lookUp(await visit(PHONE), given, 'folio-360')
  await lookUp(await visit(DESK), given, 'folio')
  await work(await visit(DESK), '')
  await work(await visit(PHONE), '-360')
}

const say = async (page: Page, text: string) => {
  await page.getByRole('textbox').fill(text)
  await page.keyboard.press('Enter')
}
const hear = (page: Page, text: string) => page.getByText(text).last().waitFor()

async function askForPlace(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('log').waitFor()
  await hear(page, '¿Lo acepta?')
  await say(page, 'hay un bache enfrente de mi casa')
  await hear(page, 'Ya guardé lo que me escribió')
  await press(page, /^1\. Acepto/)
  await press(page, /Sí, es correcto/)
  await hear(page, '¿Dónde es?')
}

/** Gives the folio and its clave. */
async function finish(page: Page): Promise<{ folio: string; clave: string }> {
  await say(page, 'miramar')
  await hear(page, '¿En qué calle')
  await say(page, 'Hidalgo 123, entre Juárez y Morelos')
  await hear(page, 'Una foto ayuda')
  const file = { name: 'bache.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await PHOTO) }
  await page.locator('input[type=file]').first().setInputFiles(file)
  await press(page, 'Enviar')
  await hear(page, 'Recibida (1 de 5)')
  await press(page, /Listo/)
  await press(page, /Grande/)
  await hear(page, '¿Ha causado')
  await press(page, /^2\. No/)
  await hear(page, 'Es opcional')
  await say(page, 'Vecina de Miramar')
  await press(page, /Sí, registrar/)
  await hear(page, 'quedó registrado')
  await hear(page, 'ya la enviamos a Obras Públicas')
  const text = (await page.getByRole('log').textContent()) ?? ''
  const [, folio = '', clave = ''] = /(UAC-\d\d-\d{6}-\d)[\s\S]*?Clave:\s*(\w{8})/.exec(text) ?? []
  return { folio, clave }
}

async function lookUp(page: Page, { folio, clave }: { folio: string; clave: string }, name: string): Promise<void> {
  await page.goto('/folio')
  await page.getByLabel(/folio/i).first().fill(folio)
  await page.getByLabel(/clave/i).first().fill(clave)
  await page.keyboard.press('Enter')
  await page.getByText(folio).first().waitFor()
  await take(page, name)
}

async function work(page: Page, suffix: string): Promise<void> {
  await page.goto('/admin/login')
  await page.getByLabel('Correo electrónico').fill('enlace.ssp@demo.local')
  await page.getByLabel('Contraseña').fill(PASSWORD)
  await press(page, 'Entrar')
  await page.getByRole('link', { name: /^Proceso/ }).click()
  await page.waitForURL(/PROCESO/)
  await take(page, `bandeja${suffix}`)
  const fromChat = page.getByRole('listitem').filter({ hasText: /Chat de la página|Telegram/ })
  await fromChat.locator('a[href^="/admin/peticiones/"]').first().click()
  await page.getByRole('heading', { name: 'Historia' }).waitFor()
  await page.waitForLoadState('networkidle')
  await take(page, `detalle${suffix}`)
}

await takeAll()
