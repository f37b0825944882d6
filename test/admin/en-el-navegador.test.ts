import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { publish } from '../../src/runtime/events.ts'
import { sql } from '../../src/runtime/sql.ts'
import { describeWithBrowser } from '../parts.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from './navegador.ts'
import { PASSWORD } from './panel.ts'
import { fila, llegada } from './peticiones.ts'

describeWithBrowser('the panel in a real browser', () => {
  let panel: PanelWithBrowser
  let enlace: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
    enlace = (await panel.logIn(['enlace'], 'OP')).email
  })
  afterAll(() => panel.close())

  const seal = (page: Page, estado: string) => page.locator('header .sello', { hasText: estado })
  const photo = () =>
    sharp({ create: { width: 600, height: 800, channels: 3, background: '#ddd' } })
      .jpeg()
      .toBuffer()

  it('lets the invited choose a password and come in', async () => {
    const admin = await panel.logIn(['administrador'])
    const email = 'invitada@ejemplo.mx'
    const invited = { nombre: 'Persona de Prueba', email, roles: 'enlace', dependenciaId: 'OP', acceso: 'liga' }
    const { body } = await admin.post('/admin/usuarios', invited)
    const page = await panel.visit(/\/admin\/acceso\/[\w-]+/.exec(body)?.[0] ?? '', PHONE)
    await page.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Contraseña, otra vez').fill(PASSWORD)
    await page.getByRole('button', { name: 'Guardar' }).click()
    await page.getByLabel('Correo electrónico').fill(email)
    await page.getByLabel('Contraseña').fill(PASSWORD)
    await page.getByRole('button', { name: 'Entrar' }).click()
    await page.getByRole('button', { name: 'Salir' }).waitFor()
    expect(page.complaints).toEqual([])
  })

  it('tells of what is new without reloading, and moves nothing that is about to be pressed', async () => {
    await llegada(panel)
    const page = await panel.enter(enlace, PHONE)
    const first = page.locator('.fila h2 a').first()
    const before = await first.boundingBox()
    const count = page.locator('#cajones a', { hasText: 'Canalizado' }).locator('.cuenta')
    const total = Number(await count.textContent())
    await llegada(panel)
    await page.getByText('Hay 1 novedad.').waitFor()
    expect(await count.textContent()).toBe(String(total + 1))
    expect(await first.boundingBox()).toEqual(before)
    await page.getByRole('link', { name: 'Mostrar' }).click()
    await page.getByText('Hay 1 novedad.').waitFor({ state: 'detached' })
    expect(await page.locator('.fila').count()).toBe(total + 1)
  })

  it('shows how a reply fares on its way, while the person goes on writing the next', async () => {
    const { folio, conversationId } = await llegada(panel)
    const page = await panel.enter(enlace, PHONE, `/admin/peticiones/${folio}`)
    await seal(page, 'RECIBIDO').waitFor()
    await page.getByLabel('Contestar a la persona').fill('Vamos mañana a las 9')
    await page.getByRole('button', { name: 'Enviar respuesta' }).click()
    const bubble = page.locator('.globo', { hasText: 'Vamos mañana a las 9' })
    await bubble.getByText('por enviar').waitFor()
    await page.getByLabel('Contestar a la persona').fill('Otra cosa que')
    await sql(panel.database.fork(), "update message set status = 'delivered' where conversation_id = $1", [
      conversationId,
    ])
    await bubble.getByText('entregado').waitFor()
    await sql(
      panel.database.fork(),
      `insert into message (channel, account, external_id, direction, conversation_id, seq, kind, body, status)
       values ('telegram', 'default', 'x1', 'in', $1, 99, 'text', '{"text": "Muchas gracias"}', 'handled')`,
      [conversationId],
    )
    await publish(panel.database.fork(), { topic: 'turn', conversation: conversationId })
    await page.getByText('Muchas gracias').waitFor()
    expect(await page.getByLabel('Contestar a la persona').inputValue()).toBe('Otra cosa que')
  })

  it('tells two people on one petition of each other, and overwrites nothing', async () => {
    const { folio } = await llegada(panel)
    const colleague = await panel.logIn(['enlace'], 'OP')
    const page = await panel.enter(enlace, {}, `/admin/peticiones/${folio}`)
    await seal(page, 'RECIBIDO').waitFor()
    await page.getByText('No le toca a mi dependencia').click()
    await page.getByLabel('Por qué no le toca a su dependencia').fill('Es de la carretera federal')
    const version = String((await fila(panel, folio))?.version)
    await colleague.post(`/admin/peticiones/${folio}/anotar`, { version, nota: 'Yo la veo' })
    await page.getByText('Nota interna.').waitFor()
    await sql(panel.database.fork(), 'update peticion set version = version + 1 where folio = $1', [folio])
    await page.getByRole('button', { name: 'Devolver a la UAC' }).click()
    await page.getByText('La petición cambió mientras usted escribía').waitFor()
    expect(await page.getByLabel('Por qué no le toca a su dependencia').inputValue()).toBe('Es de la carretera federal')
    expect((await fila(panel, folio))?.estado).toBe('RECIBIDO')
  })

  it('shows photographs one after another on the page itself, by key and by button', async () => {
    const { folio, peticionId } = await llegada(panel)
    await panel.files.put('adjuntos/visor', await photo(), 'image/jpeg')
    await sql(
      panel.database.fork(),
      `insert into attachment (id, peticion_id, kind, status, mime, storage_key, thumb_key)
       select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, 'image', 'stored', 'image/jpeg', key, key
         from unnest(array['adjuntos/visor', 'adjuntos/visor', 'adjuntos/perdida']) with ordinality as one (key, n)`,
      [peticionId],
    )
    const page = await panel.enter(enlace, PHONE, `/admin/peticiones/${folio}`)
    // Opening it is receiving it: the page comes again.
    await seal(page, 'RECIBIDO').waitFor()
    await page.waitForLoadState()
    const photos = page.getByRole('link', { name: 'ver en grande' })
    await photos.first().focus()
    await page.keyboard.press('Enter')
    const viewer = page.getByRole('dialog', { name: 'Fotos' })
    const heading = viewer.getByRole('status')
    await heading.filter({ hasText: /: 1 de 3$/ }).waitFor()
    await viewer.getByRole('img').waitFor()
    await page.keyboard.press('ArrowRight')
    await heading.filter({ hasText: /: 2 de 3$/ }).waitFor()
    await viewer.getByRole('button', { name: 'Siguiente' }).click()
    await viewer.getByText('No se pudo cargar').waitFor()
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'hidden' })
    expect(await photos.nth(2).evaluate((link) => link.matches(':focus'))).toBe(true)
  })

  it('works without JavaScript', async () => {
    const { folio } = await llegada(panel)
    const page = await panel.enter(enlace, { ...PHONE, javaScriptEnabled: false }, `/admin/peticiones/${folio}`)
    await page.getByRole('button', { name: 'Marcar como recibida' }).click()
    await seal(page, 'RECIBIDO').waitFor()
    await page.getByLabel('Adjunte el formato firmado').setInputFiles({
      name: 'formato.jpg',
      mimeType: 'image/jpeg',
      buffer: await photo(),
    })
    await page.getByRole('button', { name: 'Adjuntar y pasar a PROCESO' }).click()
    await seal(page, 'PROCESO').waitFor()
  })
})
