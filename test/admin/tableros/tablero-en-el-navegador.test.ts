import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { llegada } from '../peticiones.ts'

describeWithBrowser('filters, dashboards and exports in a real browser', () => {
  let panel: PanelWithBrowser
  let validador: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
    validador = (await panel.logIn(['validador'], 'UAC')).email
    await panel.logIn(['enlace'], 'OP')
    for (const colonia of ['Miramar', 'Miramar', 'Monte Alto']) {
      const ubicacion = { latitud: 22.3928, longitud: -97.9403 }
      await llegada(panel, { ...BACHE, ubicacion, datos: { ...BACHE.datos, colonia } })
    }
  })
  afterAll(() => panel.close())

  it('filters by keyboard, keeps the filter, and puts the same on the map', { timeout: 60_000 }, async () => {
    const page = await panel.enter(validador, PHONE)
    await page.getByText('Filtrar', { exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Colonia', { exact: true }).fill('miramar')
    await page.keyboard.press('Enter')
    await page.waitForURL(/colonia=miramar/)
    expect(await page.locator('.fila').count()).toBe(2)
    await page.getByText('Guardar este filtro').click()
    await page.getByLabel('Nombre del filtro').fill('De Miramar')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'De Miramar', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Ver en el mapa' }).click()
    await page.getByText('2 en el mapa.').waitFor()
    expect(await page.locator('path.leaflet-interactive').count()).toBe(2)
    await page.getByRole('link', { name: 'Quitar Colonia: miramar' }).click()
    expect(await page.locator('.fila').count()).toBe(3)
  })

  it('opens from a number of the dashboard what it counts, and hands out a file with its progress', {
    timeout: 60_000,
  }, async () => {
    const page = await panel.enter(validador)
    await page.getByRole('link', { name: 'Tablero', exact: true }).click()
    await page.getByRole('link', { name: 'Miramar, Pendientes: 2' }).click()
    expect(await page.locator('.fila').count()).toBe(2)
    await page.getByRole('link', { name: 'Exportar' }).click()
    await page.getByText('Texto separado por comas (CSV)').click()
    await page.getByRole('button', { name: 'Preparar el archivo' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Descargar' }).click()
    expect((await download).suggestedFilename()).toMatch(/^peticiones-.*\.csv$/)
    await page.getByText('El archivo se envió completo: 2 peticiones.').waitFor()
  })
})
