import { afterAll, beforeAll, expect, it } from 'vitest'
import { sqlOne } from '../../../src/runtime/sql.ts'
import { describeWithBrowser } from '../../parts.ts'
import { faultsOf, type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { llegada } from '../peticiones.ts'

describeWithBrowser('the day of an administrator', () => {
  let panel: PanelWithBrowser
  let admin: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
    admin = (await panel.logIn(['administrador'])).email
  })
  afterAll(() => panel.close())

  const plazoDe = async (folio: string) =>
    (
      await sqlOne<{ n: number }>(panel.database.fork(), 'select plazo_dias as n from peticion where folio = $1', [
        folio,
      ])
    )?.n

  it('changes a plazo on a phone, sees its effect, publishes it, a new petition gets it, and takes it back', {
    timeout: 90_000,
  }, async () => {
    const deAntes = await llegada(panel)
    const page = await panel.enter(admin, PHONE, '/admin/configuracion')
    await page.getByRole('link', { name: 'Asuntos y plazos' }).click()
    await page.getByRole('link', { name: 'Bache', exact: false }).first().click()
    await page.getByLabel('Plazo en días hábiles').fill('4')
    await page.getByRole('button', { name: 'Guardar y revisar' }).click()
    await page.getByText('el plazo de 4 días hábiles vale para las peticiones nuevas').waitFor()
    await page.getByText('Las abiertas (1) conservan la fecha').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Por qué').fill('Acuerdo de cabildo')
    await page.getByRole('button', { name: 'Publicar' }).click()
    await page.getByText('Publicado. Vale desde ahora.').waitFor()
    const nueva = await llegada(panel)
    expect([await plazoDe(deAntes.folio), await plazoDe(nueva.folio)]).toEqual([10, 4])

    await page.getByRole('button', { name: 'Deshacer esta publicación' }).click()
    await page.getByText('Estos cambios deshacen la publicación').waitFor()
    await page.getByRole('button', { name: 'Publicar' }).click()
    await page.getByText('Publicado. Vale desde ahora.').waitFor()
    expect(await plazoDe((await llegada(panel)).folio)).toBe(10)
    expect(page.complaints).toEqual([])
  })

  it('writes a text and sees it as citizens will, and finds the days off of the year', {
    timeout: 90_000,
  }, async () => {
    const page = await panel.enter(admin, PHONE, '/admin/configuracion/textos/mensajes.es/general/seguimos')
    await page.getByLabel('Texto', { exact: true }).fill('Continuamos con {titulo}.')
    await page.getByText('Continuamos con «Bache».').waitFor()
    await page.goto('/admin/configuracion/dias?anio=2027')
    await page.getByRole('button', { name: 'Agregar Jueves Santo' }).click()
    await page.getByText('sin publicar').waitFor()
    expect(page.complaints).toEqual([])
  })
})
