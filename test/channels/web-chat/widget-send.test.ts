import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, FileChooser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeWithBrowser } from '../../parts.ts'
import { type BrowserChat, startBrowserChat } from './browser.ts'

describeWithBrowser('sending photos, documents and the place in the widget', () => {
  let town: BrowserChat
  beforeAll(async () => {
    town = await startBrowserChat({ limits: { fileBytes: 100_000 } })
  })
  afterAll(() => town.close())
  afterEach(async () => {
    await town.leave()
    await town.empty()
  })

  const photo = async (name: string) => {
    const image = { width: 640, height: 480, channels: 3, background: '#5b7a3a' } as const
    return { name, mimeType: 'image/jpeg', buffer: await sharp({ create: image }).jpeg().toBuffer() }
  }
  const openMenu = (page: Page) => page.getByRole('button', { name: 'Adjuntar y más opciones' }).click()
  const choose = async (page: Page, item: string, files: Parameters<FileChooser['setFiles']>[0]) => {
    await openMenu(page)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: item }).click()
    await (await chooser).setFiles(files)
  }
  const sent = async () => (await town.stored()).filter(({ direction, kind }) => direction === 'in' && kind !== 'start')

  test('several photos are seen before they go, one is taken back, and the rest go as one message with its words', async () => {
    const page = await town.visit()
    await choose(page, 'Elegir fotos', [await photo('calle.jpg'), await photo('bache.jpg'), await photo('error.jpg')])
    await page.getByRole('img', { name: 'bache.jpg' }).waitFor()
    await page.getByRole('button', { name: 'Quitar error.jpg' }).click()
    await page.getByRole('textbox').fill('Así está')
    await page.getByRole('button', { name: 'Enviar', exact: true }).click()
    await page.getByText('Recibí 2 archivos.').waitFor()
    expect(await page.getByRole('log').getByRole('img').count()).toBe(2)
    expect(await page.getByRole('group', { name: 'Archivos por enviar' }).isVisible()).toBe(false)
    expect((await sent()).map(({ kind, body }) => ({ kind, text: body.text, media: body.media }))).toMatchObject([
      { kind: 'image', text: 'Así está', media: [{ fileName: 'calle.jpg' }, { fileName: 'bache.jpg' }] },
    ])
  })

  test('after a reload the photos come from the server', async () => {
    const page = await town.visit()
    await choose(page, 'Elegir fotos', [await photo('bache.jpg')])
    await page.getByRole('button', { name: 'Enviar', exact: true }).click()
    await page.getByText('Recibí 1 archivos.').waitFor()
    await page.reload()
    const image = page.getByRole('log').getByRole('img', { name: 'bache.jpg' })
    await image.waitFor()
    expect(
      await image.evaluate((img: { decode(): Promise<void>; naturalWidth: number }) =>
        img.decode().then(() => img.naturalWidth),
      ),
    ).toBe(640)
  })

  test('a document goes by its name, and one that is empty is not taken', async () => {
    const page = await town.visit()
    await choose(page, 'Enviar un documento', [
      { name: 'vacío.pdf', mimeType: 'application/pdf', buffer: Buffer.from('') },
    ])
    await page.getByText('«vacío.pdf» está vacío.').first().waitFor()
    await page.getByRole('button', { name: 'Entendido' }).click()
    await choose(page, 'Enviar un documento', [
      { name: 'oficio.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') },
    ])
    await page.getByRole('button', { name: 'Enviar', exact: true }).click()
    await page.getByText('Recibí 1 archivos.').waitFor()
    expect(await sent()).toMatchObject([{ kind: 'document', body: { media: [{ fileName: 'oficio.pdf' }] } }])
  })

  test('what is too large is refused with the limit, before it is sent', async () => {
    const page = await town.visit()
    const folder = await mkdtemp(join(tmpdir(), 'canaliza-film-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const film = join(folder, 'video.mp4')
    await writeFile(film, '')
    await truncate(film, 21_000_000)
    await choose(page, 'Enviar un documento', film)
    await page.getByText('«video.mp4» es demasiado grande: el máximo es de 20 MB.').first().waitFor()
    expect(await page.getByText('video.mp4').count()).toBeLessThanOrEqual(2)
    expect(await sent()).toEqual([])
  })

  test('what the server finds too large is told, and not tried again', async () => {
    const page = await town.visit()
    await choose(page, 'Enviar un documento', [
      { name: 'plano.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(200_000, 'x') },
    ])
    await page.getByRole('button', { name: 'Enviar', exact: true }).click()
    await page.getByRole('log').getByText('El archivo es demasiado grande.').waitFor()
    expect(await page.getByRole('button', { name: 'Reintentar' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Descartar' }).click()
    expect(await page.getByText('plano.pdf').count()).toBe(0)
  })

  test('a photo whose upload broke off goes again by itself and is stored once', async () => {
    const page = await town.visit()
    let lost = 0
    await page.route('**/upload*', async (route) => {
      if (lost++ > 0) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await choose(page, 'Elegir fotos', [await photo('bache.jpg')])
    await page.getByRole('button', { name: 'Enviar', exact: true }).click()
    await page.getByText('Recibí 1 archivos.').waitFor()
    expect(await sent()).toHaveLength(1)
    expect(await page.getByRole('log').getByRole('img').count()).toBe(1)
  })

  test('a photo that was on its way when the page was left is shown as not sent', async () => {
    const page = await town.visit()
    await page.getByText('Hola').waitFor()
    await page.route('**/upload*', (route) => route.abort())
    await choose(page, 'Elegir fotos', [await photo('bache.jpg')])
    await page.getByRole('button', { name: 'Enviar', exact: true }).click()
    await page.getByText('Enviando…').waitFor()
    await page.reload()
    await page.getByText('El archivo no alcanzó a enviarse. Elíjalo otra vez.').waitFor()
    await page.getByRole('button', { name: 'Descartar' }).click()
    await page.reload()
    await page.getByText('Hola').waitFor()
    expect(await page.getByText('El archivo no alcanzó').count()).toBe(0)
  })

  const at = (accuracy: number): BrowserContextOptions => ({
    permissions: ['geolocation'],
    geolocation: { latitude: 22.392756, longitude: -97.938631, accuracy },
  })

  test('the place goes by the button of the question, and can be looked up on a map', async () => {
    const page = await town.visit(at(12))
    await page.getByRole('button', { name: 'Reportar un problema' }).click()
    await page.getByRole('button', { name: 'Compartir mi ubicación' }).click()
    await page.getByText('Recibí la ubicación.').waitFor()
    await page.getByText('Mi ubicación', { exact: true }).waitFor()
    const place = (await sent())[1]
    expect(place?.body).not.toHaveProperty('text')
    expect(place).toMatchObject({
      kind: 'location',
      body: { location: { latitude: 22.392756, longitude: -97.938631 } },
    })
    expect(await page.getByRole('link', { name: 'Ver en el mapa' }).getAttribute('href')).toContain(
      '22.392756/-97.938631',
    )
  })

  test('a rough place is sent only when the citizen says so', async () => {
    const page = await town.visit(at(2500))
    await openMenu(page)
    await page.getByRole('button', { name: 'Enviar mi ubicación' }).click()
    await page.getByText('Su ubicación es aproximada (± 2.5 km).').first().waitFor()
    expect(await sent()).toEqual([])
    await page.getByRole('button', { name: 'Enviarla así' }).click()
    await page.getByText('Recibí la ubicación.').waitFor()
  })

  test('who does not give the place is told how to go on', async () => {
    const page = await town.visit({ permissions: [] })
    await openMenu(page)
    await page.getByRole('button', { name: 'Enviar mi ubicación' }).click()
    await page.getByText('Puede escribir la colonia, la calle y el número.').first().waitFor()
    expect(await sent()).toEqual([])
  })
})
