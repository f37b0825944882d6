import nock from 'nock'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createSavePublic } from '../../../src/workflow/redes/guardar.ts'
import { allowTheNetwork, answering, ROOT } from '../../channels/meta/graph-api.ts'
import { describeWithBrowser } from '../../parts.ts'
import { sucesosDe } from '../../workflow/redes/redes-fixture.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { metaOf } from '../redes/redes.ts'

describeWithBrowser('the day of an agent of Comunicación Social', () => {
  let panel: PanelWithBrowser
  let agente: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser({ channelOf: metaOf() })
    agente = (await panel.logIn(['comunicacion'])).email
  })
  afterAll(() => panel.close())
  afterEach(allowTheNetwork)

  let made = 0
  const comentan = async (texto: string) => {
    const at = new Date()
    const id = `c${++made}`
    const events = sucesosDe('page/comment').map((event) => ({
      ...event,
      externalId: `${id}:add`,
      at,
      post: { ...event.post, id, text: texto, publishedAt: at },
    }))
    await createSavePublic(panel.database, () => undefined)(events)
    return id
  }

  it('an agent on a phone hears of a comment, answers it in public and in private, and makes a petition of it', {
    timeout: 60_000,
  }, async () => {
    const page = await panel.enter(agente, PHONE)
    await page.getByRole('link', { name: 'Redes' }).click()
    await page.getByText('No hay comentarios por atender').waitFor()
    const id = await comentan('Hay un bache enorme en la Miramar')
    await page.getByText('Hay 1 comentario nuevo.').waitFor()
    await page.getByRole('link', { name: 'Mostrar' }).click()
    await page.getByRole('link', { name: 'Persona de Prueba' }).click()

    const said = answering(`${id}/comments`, 200, { id: 'r1' })
    await page.getByRole('link', { name: 'Gracias, lo revisamos' }).click()
    await page.getByRole('button', { name: 'Publicar la respuesta' }).dblclick()
    await page.getByText('La respuesta quedó publicada.').waitFor()
    expect(said.map(({ body }) => body)).toEqual([{ message: 'Gracias por avisarnos. Ya lo estamos revisando.' }])

    answering('me/messages', 200, { recipient_id: '741', message_id: 'm_1' })
    await page.getByLabel('Su mensaje').fill('Hola, ¿entre qué calles?')
    await page.getByRole('button', { name: 'Enviar en privado' }).click()
    await page.getByText('El mensaje se envió en privado.').waitFor()

    await page.getByRole('link', { name: 'Convertir en petición' }).click()
    await page.getByRole('link', { name: 'Bache', exact: true }).click()
    await page.getByLabel('Qué pide la persona').waitFor()
    expect(await page.getByLabel('Qué pide la persona').inputValue()).toBe('Hay un bache enorme en la Miramar')
    await page.getByLabel('Colonia').fill('Miramar')
    await page.getByLabel('Calle').fill('Hidalgo')
    for (const select of await page.locator('select[required]').all()) {
      if ((await select.inputValue()) === '') await select.selectOption({ index: 1 })
    }
    await page.getByRole('button', { name: 'Registrar y dar folio' }).click()
    await page
      .getByText(/UAC-\d\d-\d{6}-\d/)
      .first()
      .waitFor()
    await page.getByRole('link', { name: 'Redes' }).click()
    await page.getByRole('link', { name: /Atendidos/ }).click()
    await page.getByRole('link', { name: 'Persona de Prueba' }).click()
    await page.locator('a.folio').click()
    await page.getByRole('heading', { name: 'Se dijo en público' }).waitFor()
    expect(page.complaints).toEqual([])
  })

  it('tells who is writing that somebody else was faster, and keeps what was typed', async () => {
    const id = await comentan('¿Cuándo pasa la basura?')
    const page = await panel.enter(agente, {}, '/admin/redes')
    await page.getByRole('link', { name: 'Persona de Prueba' }).first().click()
    await page.getByLabel('Su respuesta').fill('Los martes')
    const colega = await panel.logIn(['comunicacion'])
    const path = new URL(page.url()).pathname
    answering(`${id}/comments`, 200, { id: 'r2' })
    await colega.post(`${path}/responder`, { solicitud: crypto.randomUUID(), texto: 'Martes y viernes' })
    await page.getByText('Este comentario cambió mientras usted lo veía.').waitFor()
    await page.getByRole('button', { name: 'Publicar la respuesta' }).click()
    await page.getByText('Otra persona le contestó mientras usted escribía').waitFor()
    expect(await page.getByLabel('Su respuesta').inputValue()).toBe('Los martes')
  })

  it('says what is not known, and finds it out', async () => {
    const id = await comentan('¿A qué hora abre la ventanilla?')
    const page = await panel.enter(agente, {}, '/admin/redes')
    await page.getByRole('link', { name: 'Persona de Prueba' }).first().click()
    answering(`${id}/comments`, 504)
    await page.getByLabel('Su respuesta').fill('A las 8')
    await page.getByRole('button', { name: 'Publicar la respuesta' }).click()
    await page.getByText('no se sabe si se hizo. Revise').waitFor()
    nock(ROOT)
      .get(new RegExp(`${id}/comments`))
      .reply(200, { data: [{ id: 'r3', message: 'A las 8', from: { id: '1074512345678901' } }] })
    await page.getByRole('button', { name: 'Ver si salió' }).click()
    await page.getByText('La respuesta sí salió.').waitFor()
  })
})
