import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { faultsOf, type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
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

  for (const [size, options] of [
    ['a phone', PHONE],
    ['a desk in the dark', { colorScheme: 'dark' as const, viewport: { width: 1280, height: 860 } }],
  ] as const) {
    it(`shows them without faults on ${size}`, { timeout: 60_000 }, async () => {
      const page = await panel.enter(validador, options)
      for (const path of [
        '/admin?situacion=pendientes&colonia=Miramar',
        '/admin?situacion=pendientes&vista=mapa',
        '/admin?categoria=NADA',
        '/admin/tablero',
        '/admin/tablero?del=2020-01-01&al=2020-01-31',
        '/admin/exportar?situacion=pendientes',
      ]) {
        await page.goto(path)
        await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true })')
        expect([path, await faultsOf(page)]).toEqual([path, []])
      }
      expect(page.complaints).toEqual([])
    })
  }

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
    expect(await faultsOf(page)).toEqual([])
  })
})
