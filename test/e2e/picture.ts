import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'

/** Where the documents' pictures lie. */
export const FOLDER = fileURLToPath(new URL('../../docs/img', import.meta.url))

export const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
export const DESK = { viewport: { width: 1280, height: 860 } }

/** As somebody of the town sees it. */
export const HERE = { locale: 'es-MX', timezoneId: 'America/Mexico_City' }

const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
    // In this language, where Chromium has it (chromium-l10n), a date field asks for day and month in the order of the town.
    env: { ...process.env, LANGUAGE: 'es_MX' },
  })

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, disabled: false }).last().click()

/** What the four looks of a page add to its name. */
export const LOOKS = ['', '-oscuro', '-360', '-360-oscuro'] as const

/** In light and in dark, as `<name>.webp` and `<name>-oscuro.webp`: small enough to lie beside the text. Gives the bytes. */
export async function takeBoth(page: Page, name: string): Promise<number> {
  let bytes = 0
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    const png = await page.screenshot({ animations: 'disabled' })
    const file = `${FOLDER}/${name}${scheme === 'dark' ? '-oscuro' : ''}.webp`
    bytes += (await sharp(png).webp({ quality: 40, effort: 5, smartSubsample: true }).toFile(file)).size
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return bytes
}
