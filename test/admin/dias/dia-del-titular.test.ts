import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { type PanelWithBrowser, startPanelWithBrowser } from '../navegador.ts'
import { llegada } from '../peticiones.ts'

describeWithBrowser('the day of a head of department', () => {
  let panel: PanelWithBrowser
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
  })
  afterAll(() => panel.close())

  it('reads the month beside the one before, opens the petitions behind a number and takes the report with them', {
    timeout: 60_000,
  }, async () => {
    const titular = await panel.logIn(['titular'], 'OP')
    await panel.logIn(['enlace'], 'OP')
    const { folio } = await llegada(panel)
    const page = await panel.enter(titular.email)
    await page.getByRole('link', { name: 'Tablero', exact: true }).click()
    await page.getByText('lo del periodo anterior').waitFor()
    const informe = page.getByRole('link', { name: 'Descargar el informe (PDF)' })
    const pdf = await page.request.get((await informe.getAttribute('href')) ?? '')
    expect([pdf.status(), (await pdf.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    await page
      .getByRole('link', { name: /^1 pendientes/i })
      .first()
      .click()
    await page.locator('.fila', { hasText: folio }).waitFor()
    expect(await page.locator('.fila').count()).toBe(1)
    expect(page.complaints).toEqual([])
  })
})
