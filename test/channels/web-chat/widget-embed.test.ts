import { gzipSync } from 'node:zlib'
import type { ConsoleMessage, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { type BrowserChat, startBrowserChat } from './browser.ts'

describeWithBrowser('the widget on a page', () => {
  let town: BrowserChat
  beforeAll(async () => {
    town = await startBrowserChat()
  })
  afterAll(() => town.close())
  afterEach(async () => {
    await town.leave()
    await town.empty()
  })

  const STRICT =
    "default-src 'none'; script-src BASE; connect-src BASE; img-src BASE; require-trusted-types-for 'script'"
  const launcher = (page: Page) => page.getByRole('button', { name: 'Abrir el chat' })

  test('one line on a site of another origin, under a strict CSP, is enough and asks nobody else', async () => {
    const complaints: string[] = []
    const asked = new Set<string>()
    const page = await town.visit({
      site: '',
      csp: STRICT,
      before: async (page) => {
        page.on('console', (message: ConsoleMessage) => complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(error.message))
        page.on('request', (request) => asked.add(new URL(request.url()).origin))
      },
    })
    await launcher(page).click()
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByText('Guárdelo').waitFor()
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([])
    expect([...asked].sort()).toEqual([town.chat.base, new URL(town.siteUrl).origin].sort())
  })

  test('on a site that may not show it, it says so', async () => {
    const page = await town.visit({ site: '', host: 'otro.example' })
    await launcher(page).click()
    await page.getByText('El chat no está disponible en este sitio.').first().waitFor()
  })

  test('nothing is asked of the server, and no conversation begins, before the chat is opened', async () => {
    const asked: string[] = []
    const page = await town.visit({
      site: '',
      before: async (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname)),
    })
    await launcher(page).waitFor()
    expect(asked.filter((path) => path.includes('directline'))).toEqual([])
    expect(await town.stored()).toEqual([])
  })

  test('the script with its styles is under 25 kB when compressed', async () => {
    const script = await (await fetch(`${town.chat.base}/widget.js`)).text()
    expect(gzipSync(script).length).toBeLessThan(25_000)
  })

  test('the site chooses title, colour, place and whether it is open', async () => {
    const site = `data-title="Pregunte al municipio" data-colour="#ffd400" data-position="left" data-open data-privacy-url="https://altamira.gob.mx/aviso"`
    const page = await town.visit({ site })
    const panel = page.getByRole('dialog', { name: 'Pregunte al municipio' })
    await panel.getByText('Hola, ¿en qué le ayudo?').waitFor()
    const { x } = (await panel.boundingBox()) ?? { x: 1000 }
    expect(x).toBeLessThan(100)
    expect(await panel.getByRole('link', { name: 'Aviso de privacidad' }).getAttribute('href')).toBe(
      'https://altamira.gob.mx/aviso',
    )
    const style = await page.evaluate(`(() => {
      const header = document.querySelector('canaliza-chat').shadowRoot.querySelector('header')
      const { backgroundColor, color } = getComputedStyle(header)
      return { backgroundColor, color }
    })()`)
    expect(style).toEqual({ backgroundColor: 'rgb(255, 212, 0)', color: 'rgb(16, 20, 19)' })
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY')
  })

  test('the line twice is one bubble', async () => {
    const page = await town.visit({ site: '' })
    await launcher(page).waitFor()
    const script = `${town.chat.base}/widget.js`
    await page.addScriptTag({ url: script })
    expect(await page.locator('canaliza-chat').count()).toBe(1)
  })

  test('it works where cookies and storage are blocked', async () => {
    const page = await town.visit({
      site: '',
      before: (page) =>
        page.addInitScript(
          `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })`,
        ),
    })
    await launcher(page).click()
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByText('Guárdelo').waitFor()
  })

  test('it works where the storage is full', async () => {
    const page = await town.visit({
      site: '',
      before: (page) =>
        page.addInitScript(`Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError') }`),
    })
    await launcher(page).click()
    await page.getByRole('textbox').fill('sin espacio')
    await page.keyboard.press('Enter')
    await page.getByText('Oí: sin espacio').waitFor()
  })

  test('what comes while it is closed shows on the bubble and in the title, over a reload too, until it is opened', async () => {
    const page = await town.visit({ site: '' })
    await launcher(page).click()
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    await page.keyboard.press('Escape')
    await town.say({ text: 'Su petición ya está en proceso' })
    await page.getByRole('button', { name: 'Abrir el chat, Atención Ciudadana, 1 mensaje nuevo' }).waitFor()
    expect(await page.title()).toBe('(1) Ayuntamiento')
    await town.say({ text: 'Ya quedó' })
    await page.getByRole('button', { name: '2 mensajes nuevos' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: '2 mensajes nuevos' }).click()
    expect(await page.title()).toBe('Ayuntamiento')
    expect(await page.getByText('Ya quedó').count()).toBe(1)
  })

  test('a panel left open is open after a reload', async () => {
    const page = await town.visit({ site: '' })
    await launcher(page).click()
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    await page.reload()
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
  })

  test('the town page works under its own policy and names the municipality', async () => {
    const complaints: string[] = []
    const page = await town.visit({
      before: async (page) => {
        page.on('console', (message: ConsoleMessage) => complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(error.message))
      },
    })
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Altamira')
    expect(await page.getByRole('link', { name: 'Consultar un folio' }).getAttribute('href')).toBe('/folio')
    expect(complaints).toEqual([])
  })

  test('without JavaScript the town page tells the other ways', async () => {
    const page = await town.visit({ javaScriptEnabled: false })
    for (const part of ['h2', 'a[href="/folio"]', 'a[href="tel:911"]'])
      expect(await page.locator(`noscript ${part}`).isVisible()).toBe(true)
  })
})
