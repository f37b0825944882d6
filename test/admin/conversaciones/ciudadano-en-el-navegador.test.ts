import { afterAll, beforeAll, expect, it } from 'vitest'
import { sqlOne } from '../../../src/runtime/sql.ts'
import { describeWithBrowser } from '../../parts.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { llegada } from '../peticiones.ts'

describeWithBrowser('persons, in a browser', () => {
  let panel: PanelWithBrowser
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
  })
  afterAll(() => panel.close())

  const persona = async (nombre: string) => {
    const { addressId, folio } = await llegada(panel, {
      ...BACHE,
      datos: { ...BACHE.datos, nombre, telefono: '833 000 0001' },
    })
    const row = await sqlOne<{ id: number }>(
      panel.database.fork(),
      'select ciudadano_id as id from address where id = $1',
      [addressId],
    )
    return { id: row?.id ?? 0, folio }
  }

  it('are found, compared, joined and taken apart on a telephone', async () => {
    const { email } = await panel.logIn(['validador'], 'UAC')
    const ana = await persona('Ana de Prueba')
    const otra = await persona('Anita de Prueba')
    const page = await panel.enter(email, PHONE, `/admin/peticiones/${ana.folio}`)
    await page.getByRole('link', { name: 'Sus otras peticiones y cuentas' }).click()
    await page.getByRole('heading', { name: 'Posible misma persona' }).waitFor()
    await page.locator(`a[href$="unir?con=${otra.id}"]`).click()
    await page.getByRole('heading', { name: '¿Son la misma persona?' }).waitFor()
    await page.getByLabel('Cómo sabe que es la misma persona').fill('Lo confirmó por teléfono')
    await page.getByRole('button', { name: 'Sí, unirlas' }).click()
    await page.getByRole('status').filter({ hasText: 'Quedaron unidas' }).waitFor()
    await page.getByText('Separar', { exact: true }).first().click()
    await page.getByLabel('Por qué se separan').fill('Eran dos')
    await page.getByRole('button', { name: 'Separar' }).click()
    await page.getByRole('status').filter({ hasText: 'Quedaron separadas' }).waitFor()
    expect(page.complaints).toEqual([])
  })
})
