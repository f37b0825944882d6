import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { describeWithBrowser } from '../../parts.ts'
import { faultsOf, type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { llegada } from '../peticiones.ts'

const MINUTO = { timeout: 120_000 }

describeWithBrowser('the work of the panel, in a browser', () => {
  let panel: PanelWithBrowser
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
  })
  afterAll(() => panel.close())

  it('chooses petitions by keyboard, receives them, and takes it back', MINUTO, async () => {
    const { email } = await panel.logIn(['enlace'], 'OP')
    for (let at = 0; at < 4; at++) await llegada(panel)
    const page = await panel.enter(email, PHONE, '/admin?estado=CANALIZADO')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await page.getByText('3 elegidas', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Hacer algo con las elegidas' }).click()
    await page.getByText('3 peticiones elegidas').waitFor()
    await page.getByText('Marcar como recibidas').click()
    await page.getByRole('button', { name: 'Recibir 3 peticiones' }).click()
    await page.getByText('3 hechas.').waitFor()
    await page.getByRole('button', { name: 'Deshacer' }).click()
    await page.getByText('3 volvieron a como estaban.').waitFor()
    expect(page.complaints).toEqual([])
  })

  it('shows two people on one petition each other, and that one is writing', MINUTO, async () => {
    const { email } = await panel.logIn(['enlace'], 'OP')
    const otro = await panel.logIn(['validador'], 'UAC')
    const { folio } = await llegada(panel)
    const one = await panel.enter(email, PHONE, `/admin/peticiones/${folio}`)
    const two = await panel.enter(otro.email, {}, `/admin/peticiones/${folio}`)
    await one.getByText(/También la está viendo Persona/).waitFor()
    await two.getByLabel('Contestar a la persona').pressSequentially('Buenas tardes')
    await one.getByText(/está escribiendo/).waitFor()
    await two.goto('/admin')
    await one.getByText(/También la está viendo/).waitFor({ state: 'detached' })
    expect([...one.complaints, ...two.complaints]).toEqual([])
  })

  it('draws a sample, and keeps the section where one is in view on a phone', MINUTO, async () => {
    const { email } = await panel.logIn(['validador', 'administrador'], 'UAC')
    const { folio } = await llegada(panel)
    await sql(
      panel.database.fork(),
      `update peticion set estado = 'VALIDADO', resuelto = true, accion_ejecutada = 'x', observacion = 'y', validada_at = now(), concluida_at = now() where folio = $1`,
      [folio],
    )
    const page = await panel.enter(email, PHONE, '/admin/pendientes')
    const inView = `(() => { const a = document.querySelector('.menu [aria-current]').getBoundingClientRect(); return a.left >= 0 && a.right <= innerWidth })()`
    await page.waitForFunction(inView)
    await page.goto('/admin/validacion/muestras')
    await page.getByLabel('Hasta').fill('2030-01-01')
    await page.getByRole('button', { name: 'Sacar la muestra' }).click()
    await page.getByText(folio).first().waitFor()
  })
})
