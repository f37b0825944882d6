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
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, disabled: false }).last().click()

/** As a PNG of few colours: small enough to lie beside the text. */
export async function take(page: Page, name: string): Promise<void> {
  const png = await page.screenshot({ animations: 'disabled' })
  const { size } = await sharp(png).png({ palette: true, colours: 96, effort: 10 }).toFile(`${FOLDER}/${name}.png`)
  process.stdout.write(`docs/img/${name}.png  ${Math.round(size / 1024)} kB\n`)
}
