import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { BACHE } from '../../workflow/ayuntamiento.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { fila, llegada } from '../peticiones.ts'

describeWithBrowser('the day of an enlace', () => {
  let panel: PanelWithBrowser
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
  })
  afterAll(() => panel.close())

  const seal = (page: Page, estado: string) => page.locator('header .sello', { hasText: estado })
  const photo = async (name: string) => ({
    name,
    mimeType: 'image/jpeg',
    buffer: await sharp({ create: { width: 300, height: 400, channels: 3, background: '#ccc' } })
      .jpeg()
      .toBuffer(),
  })

  it('an enlace on a phone of 360 pixels goes from the notice to concluded with photos, through a street without signal', {
    timeout: 180_000,
  }, async () => {
    const enlace = await panel.logIn(['enlace'], 'OP')
    const validador = await panel.logIn(['validador'], 'UAC')
    const titular = await panel.logIn(['titular'], 'OP')
    const saved = { titulo: 'Ya va la cuadrilla', texto: 'Vamos por {folio} esta semana.', version: '0' }
    await validador.post('/admin/respuestas', saved)
    const page = await panel.enter(enlace.email, PHONE)
    const { folio } = await llegada(panel, { ...BACHE, ubicacion: { latitud: 22.3928, longitud: -97.9403 } })
    await page.getByText('Hay 1 novedad.').waitFor()
    await page.getByRole('link', { name: 'Mostrar' }).click()
    await page.getByRole('listitem').filter({ hasText: folio }).getByRole('link').click()
    await seal(page, 'RECIBIDO').waitFor()

    await page.getByText('Respuestas guardadas').click()
    await page.getByRole('button', { name: 'Usar la respuesta Ya va la cuadrilla' }).click()
    expect(await page.getByLabel('Contestar a la persona').inputValue()).toBe(`Vamos por ${folio} esta semana.`)
    await page.getByRole('button', { name: 'Enviar respuesta' }).click()
    await page.getByText('Su respuesta va en camino').waitFor()

    const name = `@${titular.email.split('@')[0]}`
    await page.getByText('Agregar una nota interna').click()
    await page.getByText('A quién puede llamar con @').click()
    await page.getByRole('button', { name }).click()
    await page.getByRole('button', { name: 'Guardar la nota' }).click()
    await page.getByText('La nota quedó guardada').waitFor()

    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Descargar el formato' }).click()
    expect((await download).suggestedFilename()).toBe(`formato-${folio}.pdf`)
    await page.getByLabel('Adjunte el formato firmado').setInputFiles(await photo('formato.jpg'))
    await page.getByRole('button', { name: 'Adjuntar y pasar a PROCESO' }).click()
    await seal(page, 'PROCESO').waitFor()

    await page.getByLabel('Sí, quedó resuelto').check()
    await page.getByLabel('Acción ejecutada').selectOption({ index: 1 })
    await page.getByLabel('Observación para la UAC').fill('Se tapó el martes')
    const despues = [await photo('una.jpg'), await photo('otra.jpg')]
    await page.getByLabel('Foto o documento de lo que se hizo').setInputFiles(despues)
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Concluir' }).click()
    await page.getByText('Sin señal.').waitFor()
    expect((await fila(panel, folio))?.estado).toBe('PROCESO')
    await page.context().setOffline(false)
    await seal(page, 'CONCLUIDO').waitFor()
    expect(await page.getByLabel('Después').getByRole('img').count()).toBe(2)
    // Without a signal requests and the live events fail, and the browser says so in one way or another.
    expect(page.complaints.filter((one) => !/net::ERR_|htmx:(?:send|sse)Error/.test(one)).join('\n')).toBe('')
  })
})
