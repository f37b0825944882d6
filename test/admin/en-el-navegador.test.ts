import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publish } from '../../src/runtime/events.ts'
import { sql } from '../../src/runtime/sql.ts'
import { describeWithBrowser } from '../parts.ts'
import { BACHE } from '../workflow/ayuntamiento.ts'
import { faultsOf, type PanelWithBrowser, PHONE, startPanelWithBrowser } from './navegador.ts'
import { PASSWORD } from './panel.ts'
import { fila, llegada } from './peticiones.ts'

describeWithBrowser('the panel in a real browser', () => {
  let panel: PanelWithBrowser
  let enlace: string
  let validador: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
    enlace = (await panel.logIn(['enlace'], 'OP')).email
    validador = (await panel.logIn(['validador'], 'UAC')).email
  })
  afterAll(() => panel.close())

  const seal = (page: Page, estado: string) => page.locator('header .sello', { hasText: estado })
  const photo = () =>
    sharp({ create: { width: 600, height: 800, channels: 3, background: '#ddd' } })
      .jpeg()
      .toBuffer()

  it('lets an enlace on a phone take a petition from the tray to CONCLUIDO, and the UAC validate it', {
    timeout: 60_000,
  }, async () => {
    const { folio } = await llegada(panel, { ...BACHE, ubicacion: { latitud: 22.3928, longitud: -97.9403 } })
    const page = await panel.enter(enlace, PHONE)
    await page.getByRole('listitem').filter({ hasText: folio }).getByRole('link').click()
    await seal(page, 'RECIBIDO').waitFor()

    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Descargar el formato' }).click()
    expect((await download).suggestedFilename()).toBe(`formato-${folio}.pdf`)
    const scan = { name: 'formato.jpg', mimeType: 'image/jpeg', buffer: await photo() }
    await page.getByLabel('Adjunte el formato firmado').setInputFiles(scan)
    await page.getByRole('button', { name: 'Adjuntar y pasar a PROCESO' }).click()
    await seal(page, 'PROCESO').waitFor()

    await page.getByLabel('Sí, quedó resuelto').check()
    await page.getByLabel('Acción ejecutada').selectOption({ index: 1 })
    await page.getByLabel('Observación para la UAC').fill('Se tapó el martes')
    await page.getByLabel('Foto o documento de lo que se hizo').setInputFiles(scan)
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Concluir' }).click()
    await seal(page, 'CONCLUIDO').waitFor()

    const uac = await panel.enter(validador)
    await uac.getByRole('link', { name: 'Bache' }).first().click()
    await uac.getByText('Se tapó el martes').first().waitFor()
    await uac.getByRole('button', { name: 'Validar' }).click()
    await seal(uac, 'VALIDADO').waitFor()
    expect([page.complaints, uac.complaints]).toEqual([[], []])
  })

  it('lets the invited choose a password and come in', async () => {
    const admin = await panel.logIn(['administrador'])
    const email = 'invitada@altamira.gob.mx'
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
    const page = await panel.enter(enlace, PHONE)
    await page.goto(`/admin/peticiones/${folio}`)
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
    const page = await panel.enter(enlace)
    await page.goto(`/admin/peticiones/${folio}`)
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

  it('works without JavaScript', async () => {
    const { folio } = await llegada(panel)
    const page = await panel.enter(enlace, { ...PHONE, javaScriptEnabled: false })
    await page.goto(`/admin/peticiones/${folio}`)
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

  describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
    it('every page is for everyone, also at 360 pixels', { timeout: 90_000 }, async () => {
      const { folio, conversationId } = await llegada(panel, {
        ...BACHE,
        ubicacion: { latitud: 22.4, longitud: -97.9 },
      })
      const everything = await panel.logIn(['validador', 'capturista', 'administrador', 'enlace'], 'OP')
      const page = await panel.enter(everything.email, { ...PHONE, colorScheme })
      const paths = [
        '/admin',
        '/admin?q=nada+de+nada',
        `/admin/peticiones/${folio}`,
        '/admin/conversaciones',
        `/admin/conversaciones/${conversationId}`,
        '/admin/captura',
        '/admin/captura?categoria=APOYO_SOCIAL',
        '/admin/usuarios',
        '/admin/usuarios/nuevo',
        `/admin/usuarios/${everything.usuarioId}`,
        '/admin/pendientes',
        '/admin/cuenta',
      ]
      for (const path of paths) {
        await page.goto(path)
        if (path.includes(folio)) await seal(page, 'RECIBIDO').waitFor()
        expect([path, await faultsOf(page)]).toEqual([path, []])
        if (process.env.SCREENSHOTS) {
          const name = `${colorScheme}${path.replace(/\W+/g, '-')}.png`
          await page.screenshot({ path: join(process.env.SCREENSHOTS, name), fullPage: true })
        }
      }
      expect(page.complaints).toEqual([])
    })
  })
})
