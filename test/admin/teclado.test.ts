import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser } from '../parts.ts'
import { faultsOf, type PanelWithBrowser, startPanelWithBrowser } from './navegador.ts'
import { llegada } from './peticiones.ts'

describeWithBrowser('the keyboard', () => {
  let panel: PanelWithBrowser
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
  })
  afterAll(() => panel.close())

  it('goes through the tray, answers, searches and goes anywhere; letters are letters where one writes', {
    timeout: 90_000,
  }, async () => {
    const { email } = await panel.logIn(['enlace', 'validador'], 'OP')
    const folios = [(await llegada(panel)).folio, (await llegada(panel)).folio]
    const page = await panel.enter(email)
    await page.goto('/admin?estado=CANALIZADO')
    const focused = () =>
      page.evaluate<string>('document.activeElement.getAttribute("href") ?? document.activeElement.id')
    const rows = await page
      .locator('.lista .fila h2 a')
      .evaluateAll((links) => links.map((a) => a.getAttribute('href')))
    expect(rows.toSorted()).toEqual(folios.map((folio) => `/admin/peticiones/${folio}`).toSorted())
    await page.keyboard.press('j')
    expect(await focused()).toBe(rows[0])
    await page.keyboard.press('j')
    expect(await focused()).toBe(rows[1])
    await page.keyboard.press('k')
    expect(await focused()).toBe(rows[0])
    await page.keyboard.press('/')
    await page.keyboard.type('jk?r')
    expect(await page.locator('#q').inputValue()).toBe('jk?r')
    await page.locator('.lista .fila h2 a').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('header .sello', { hasText: 'RECIBIDO' }).waitFor()
    await page.waitForLoadState()
    await page.keyboard.press('r')
    expect(await focused()).toBe('responder-texto')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Ir a…' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.type('validacion')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Validación', level: 1 }).waitFor()
    await page.waitForLoadState()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Atajos del teclado' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Usar los atajos de una sola tecla').uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Control+k')
    await page.keyboard.type(folios[1] ?? '')
    await page.keyboard.press('Enter')
    await page
      .getByText(folios[1] ?? '')
      .first()
      .waitFor()
    expect(page.complaints).toEqual([])
  })
})
