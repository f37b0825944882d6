import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { describeWithBrowser } from '../../parts.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { llegada } from '../peticiones.ts'

describeWithBrowser('notices to the staff in a real browser', () => {
  let panel: PanelWithBrowser
  let enlace: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
    enlace = (await panel.logIn(['enlace', 'titular'], 'OP')).email
    const { conversationId, peticionId } = await llegada(panel)
    const marcada = await llegada(panel)
    const em = panel.database.fork()
    await sql(
      em,
      `insert into message (channel, account, direction, conversation_id, seq, kind, body, status, outbox_id)
       select 'telegram', 'default', 'out', $1, 900, 'text', '{}', 'failed', id from outbox
        where peticion_id = $2 and kind = 'notificar' order by id desc limit 1`,
      [conversationId, peticionId],
    )
    await sql(
      em,
      `with m as (insert into movimiento (peticion_id, verbo, actor, usuario_id, nota)
         select $1, 'avisar_aparte', 'usuario', min(id), 'Contestó su hija' from usuario returning id, usuario_id)
       insert into avisado_aparte (peticion_id, movimiento_id, usuario_id, hasta_message, hasta_outbox, at)
       select $1, id, usuario_id, 0, 0, now() from m`,
      [marcada.peticionId],
    )
  })
  afterAll(() => panel.close())

  it('rings the bell live without moving what one is about to press, and is walked by keyboard', {
    timeout: 60_000,
  }, async () => {
    const page = await panel.enter(enlace, PHONE)
    const bell = page.getByRole('link', { name: /^Avisos/ })
    await bell.click()
    const todos = page.getByRole('button', { name: 'Marcar todos como leídos' })
    await todos.focus()
    await page.keyboard.press('Enter')
    await todos.waitFor({ state: 'detached' })
    const where = async () => [
      await bell.boundingBox(),
      await page.getByRole('link', { name: 'Mi cuenta' }).boundingBox(),
    ]
    const before = await where()
    await llegada(panel)
    await page.getByRole('link', { name: /1 sin leer/ }).waitFor()
    await page.getByRole('link', { name: 'Hay 1 aviso nuevo. Verlo' }).waitFor()
    expect(await where()).toEqual(before)
    await bell.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Sin leer:').first().waitFor()
    await page
      .getByRole('link', { name: /Le llegó una petición/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'Bache' }).waitFor()
    expect(await page.getByRole('link', { name: /sin leer/ }).count()).toBe(0)
  })

  it('asks for this device only on a press, by a service worker of the panel alone', { timeout: 60_000 }, async () => {
    const page = await panel.enter(enlace, { serviceWorkers: 'allow' }, '/admin/cuenta/avisos')
    const asked =
      'navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => new URL(one.scope).pathname))'
    expect(await page.evaluate(asked)).toEqual([])
    const registered = await page.evaluate(
      "navigator.serviceWorker.register('/admin/avisos-sw.js', { scope: '/admin/' }).then(() => navigator.serviceWorker.ready).then((one) => new URL(one.scope).pathname)",
    )
    expect(registered).toBe('/admin/')
    // Chromium may never let go of a context whose service worker is starting.
    await page.evaluate("navigator.serviceWorker.getRegistration('/admin/').then((one) => one.unregister())")
    expect(page.complaints).toEqual([])
  })
})
