import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { type BrowserChat, startBrowserChat } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }

describeWithBrowser('the widget for everyone', () => {
  let town: BrowserChat
  beforeAll(async () => {
    town = await startBrowserChat()
  })
  afterAll(() => town.close())
  afterEach(async () => {
    await town.leave()
    await town.empty()
  })

  const launcher = (page: Page) => page.getByRole('button', { name: 'Abrir el chat' })

  /** What axe finds against WCAG 2.2 AA and good practice, in one line each. */
  const faults = async (page: Page, part = 'document') => {
    await page.evaluate(AXE)
    const { violations, incomplete } = await page.evaluate<AxeResults>(`axe.run(${part})`)
    const contrast = incomplete.filter(({ id }) => id === 'color-contrast')
    return [...violations, ...contrast].flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }

  /** A conversation with everything in it: menus open and closed, a folio, links, a failure, a question. */
  const everything = async (page: Page) => {
    await page.getByRole('button', { name: 'Consultar un folio' }).click()
    await page.getByText('Guárdelo').waitFor()
    await town.say({
      text: 'Vea https://altamira.gob.mx',
      link: { label: 'Seguimiento', url: 'https://altamira.gob.mx' },
    })
    await town.say({
      text: '¿Quedó bien?',
      options: [
        { id: 'si', label: 'Sí' },
        { id: 'no', label: 'No' },
      ],
    })
    await page.getByText('¿Quedó bien?').waitFor()
    await page.route('**/activities', (route) => route.fulfill({ status: 400, body: '{}' }))
    await page.getByRole('textbox').fill('algo')
    await page.getByRole('button', { name: 'Enviar', exact: true }).click()
    await page.getByText('El mensaje no se pudo recibir.').waitFor()
    await page.getByRole('button', { name: 'Adjuntar y más opciones' }).click()
    await page.getByRole('button', { name: 'Borrar este chat del equipo' }).click()
    await page.getByRole('button', { name: 'Cancelar' }).waitFor()
  }
  const everyFault = async (page: Page) => {
    await everything(page)
    const found = await faults(page)
    await page.getByRole('button', { name: 'Adjuntar y más opciones' }).click()
    return [...found, ...(await faults(page, `{ fromShadowDom: ['canaliza-chat', '.sheet'] }`))]
  }

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    const still = { colorScheme, reducedMotion: 'reduce' } as const

    test('the bubble, closed and open, has no fault that axe knows', async () => {
      const page = await town.visit({ site: '', ...still })
      await launcher(page).waitFor()
      expect(await faults(page)).toEqual([])
      await launcher(page).click()
      expect(await everyFault(page)).toEqual([])
    })

    test('the town page on a phone has no fault that axe knows', async () => {
      const page = await town.visit({ ...PHONE, ...still })
      expect(await everyFault(page)).toEqual([])
    })

    test('colours that a site chooses badly are still read', async () => {
      const page = await town.visit({ site: 'data-colour="#ffe95e" data-open', ...still })
      expect(await everyFault(page)).toEqual([])
    })
  })

  test('on a phone of 360 pixels nothing is cut off, and everything is large enough for a thumb', async () => {
    const page = await town.visit(PHONE)
    await everything(page)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    const small: string[] = []
    for (const target of await page.locator('canaliza-chat').locator('button, textarea, .menu a').all()) {
      const box = await target.boundingBox()
      if (box && (box.width < 44 || box.height < 44)) small.push(await target.innerText())
      if (box && (box.x < 0 || box.x + box.width > 360)) small.push(`cut off: ${await target.innerText()}`)
    }
    expect(small).toEqual([])
  })

  test('with the letters twice as large the chat fills the window, and one can read and write', async () => {
    const page = await town.visit({ site: '', viewport: { width: 640, height: 360 } })
    await launcher(page).click()
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    // It slides in.
    await expect
      .poll(() => page.getByRole('dialog').boundingBox(), { timeout: 10_000 })
      .toEqual({ x: 0, y: 0, width: 640, height: 360 })
    const log = await page.getByRole('log').boundingBox()
    expect(log?.height).toBeGreaterThan(180)
    await page.getByRole('textbox').fill('se puede')
    await page.keyboard.press('Enter')
    await page.getByText('Oí: se puede').waitFor()
  })

  test('with the keyboard alone one opens, chooses, writes, and closes', async () => {
    const page = await town.visit({ site: '' })
    await launcher(page).waitFor()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Consultar un folio' }).waitFor()
    const field = page.getByRole('textbox')
    await expect.poll(() => field.evaluate((element) => element.matches(':focus'))).toBe(true)
    for (const _ of [1, 2, 3]) await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Guárdelo').waitFor()
    await page.keyboard.type('gracias')
    await page.keyboard.press('Enter')
    await page.getByText('Oí: gracias').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').isVisible()).toBe(false)
    expect(await launcher(page).evaluate((element) => element.matches(':focus'))).toBe(true)
    expect(await launcher(page).getAttribute('aria-expanded')).toBe('false')
  })

  test('Escape closes the sheet of attachments first, also in a small window', async () => {
    const page = await town.visit({ site: '', ...PHONE })
    await launcher(page).click()
    const more = page.getByRole('button', { name: 'Adjuntar y más opciones' })
    await more.click()
    await page.getByRole('button', { name: 'Elegir fotos' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Elegir fotos' }).waitFor({ state: 'hidden' })
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
    expect(await more.evaluate((element) => element.matches(':focus'))).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').isVisible()).toBe(false)
  })

  test('a screen reader hears who said what and when, what is new, and not the whole history again', async () => {
    const page = await town.visit()
    const log = page.getByRole('log', { name: 'Conversación' })
    await log.getByText('Hola, ¿en qué le ayudo?').waitFor()
    expect(await log.getAttribute('aria-live')).toBe('polite')
    await page.getByRole('textbox').fill('buenas')
    await page.keyboard.press('Enter')
    await page.getByText('Oí: buenas').waitFor()
    const spoken = await log.locator('.bubble').allInnerTexts()
    expect(spoken.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^Canaliza, \d\d:\d\d: Hola, ¿en qué le ayudo\?$/),
      expect.stringMatching(/^Usted, \d\d:\d\d: buenas$/),
      expect.stringMatching(/^Canaliza, \d\d:\d\d: Oí: buenas$/),
    ])
    const heard: (string | null)[] = []
    await page.exposeFunction('hear', (live: string | null) => heard.push(live))
    await page.addInitScript(`
      const attach = Element.prototype.attachShadow
      Element.prototype.attachShadow = function (init) {
        const root = attach.call(this, init)
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes) for (const node of addedNodes)
            if (node.className?.startsWith('row')) hear(node.closest('[role=log]').getAttribute('aria-live'))
        }).observe(root, { childList: true, subtree: true })
        return root
      }`)
    await page.reload()
    await log.getByText('Oí: buenas').waitFor()
    await expect.poll(() => log.getAttribute('aria-live')).toBe('polite')
    await town.say({ text: 'Algo nuevo' })
    await log.getByText('Algo nuevo').waitFor()
    await expect.poll(() => heard).toEqual(['off', 'off', 'off', 'polite'])
  })

  test('nothing moves for those who asked for no motion', async () => {
    const page = await town.visit({ site: '', reducedMotion: 'reduce' })
    await launcher(page).click()
    await page.getByText('Hola, ¿en qué le ayudo?').waitFor()
    expect(await page.evaluate('document.getAnimations().length')).toBe(0)
  })
})
