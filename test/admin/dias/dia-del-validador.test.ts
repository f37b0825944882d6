import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { describeWithBrowser } from '../../parts.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { fila, llegada } from '../peticiones.ts'

describeWithBrowser('the day of a validador', () => {
  let panel: PanelWithBrowser
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
  })
  afterAll(() => panel.close())

  /** A petition its dependencia says it solved. */
  async function concluida(enlaceId: number): Promise<string> {
    const { folio } = await llegada(panel)
    const em = panel.database.fork()
    const row = await sqlOne<{ accion: string }>(em, "select acciones[1] as accion from categoria where id = 'BACHEO'")
    await sql(
      em,
      `update peticion set estado = 'CONCLUIDO', resuelto = true, accion_ejecutada = $2, observacion = 'Se tapó', enlace_id = $3
        where folio = $1`,
      [folio, row?.accion ?? null, enlaceId],
    )
    return folio
  }

  it('validates what was done, and sends back what was not with its reason, of which the enlace hears by the bell and which is in the petition', {
    timeout: 60_000,
  }, async () => {
    const enlace = await panel.logIn(['enlace'], 'OP')
    const validador = await panel.logIn(['validador'], 'UAC')
    const folio = await concluida(enlace.usuarioId)
    const bien = await concluida(enlace.usuarioId)
    const suya = await panel.enter(enlace.email, PHONE)
    const page = await panel.enter(validador.email)

    await page.getByRole('link', { name: 'Validación' }).first().click()
    const tarjeta = page.getByRole('article').filter({ hasText: folio })
    await tarjeta.getByText('No aceptar y regresar a la dependencia').click()
    await tarjeta.getByLabel('Qué falta o no corresponde').fill('La foto es de otra calle')
    await tarjeta.getByRole('button', { name: `Regresar a la dependencia ${folio}` }).click()
    await page.getByText('La petición regresó a la dependencia.').waitFor()
    expect(await fila(panel, folio)).toMatchObject({ estado: 'PROCESO' })
    await page.getByRole('button', { name: `Validar ${bien}` }).click()
    await page.getByText('La petición quedó validada.').waitFor()
    expect(await fila(panel, bien)).toMatchObject({ estado: 'VALIDADO' })

    const bell = suya.getByRole('link', { name: /^Avisos.*sin leer/ })
    await bell.waitFor()
    await bell.click()
    await suya.getByRole('listitem').filter({ hasText: folio }).first().getByRole('heading').getByRole('link').click()
    await suya.locator('header .sello', { hasText: 'PROCESO' }).waitFor()
    await suya.getByText('La foto es de otra calle').first().waitFor()
    expect([...page.complaints, ...suya.complaints]).toEqual([])
  })
})
