import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { takeOrder, writeStatus } from '../../../src/channels/whatsapp/status.ts'
import { createSecretBox } from '../../../src/runtime/secret-box.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { noteHealth } from '../../../src/workflow/mensajes/keep-account-states.ts'
import { describeWithBrowser } from '../../parts.ts'
import { type PanelWithBrowser, PHONE, startPanelWithBrowser } from '../navegador.ts'
import { SECRET_KEY } from '../panel.ts'
import { llegada } from '../peticiones.ts'

describeWithBrowser('Canales in a real browser', () => {
  let panel: PanelWithBrowser
  let administrador: string
  let enlace: string
  beforeAll(async () => {
    panel = await startPanelWithBrowser()
    administrador = (await panel.logIn(['administrador', 'validador'], 'UAC')).email
    enlace = (await panel.logIn(['enlace'], 'OP')).email
  })
  afterAll(() => panel.close())
  beforeEach(() => sql(panel.database.fork(), 'truncate channel_state, whatsapp_account, lease cascade'))

  const vault = () => ({ database: panel.database, box: createSecretBox(SECRET_KEY, 'whatsapp'), account: 'default' })
  const telegram = (code: string, ok = false) =>
    noteHealth(
      panel.database.fork(),
      { name: 'telegram', account: 'default' },
      { ok, code, detail: 'Telegram answered 401: Unauthorized', at: new Date() },
    )
  const shot = async (page: Page, name: string) => {
    const folder = process.env.SCREENSHOTS
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }
  /** Does what loads a page, and waits until it listens. */
  const listening = async (page: Page, load: () => Promise<unknown>) => {
    const listens = page.waitForResponse((response) => response.url().includes('/admin/eventos'))
    await load()
    await listens
  }
  const boxOf = async (page: Page, name: string) => page.getByRole('button', { name }).first().boundingBox()

  it('a number is paired by what is shown live, and nothing to press moves meanwhile', {
    timeout: 60_000,
  }, async () => {
    const page = await panel.enter(administrador, PHONE)
    await writeStatus(vault(), { state: 'unlinked', reason: 'not-paired' })
    await page.goto('/admin/canales/whatsapp/default')
    await listening(page, () => page.getByRole('button', { name: 'Mostrar código QR' }).click())
    await page.getByText('Se pidió vincular').waitFor()
    expect(await takeOrder(vault())).toEqual({ order: 'pair', phone: '' })
    const before = await boxOf(page, 'Reiniciar la conexión')
    await writeStatus(vault(), { state: 'pairing', pairing: { qr: '2@uno' } })
    const qr = page.getByRole('img', { name: 'Código QR para vincular' })
    await qr.waitFor()
    await shot(page, 'canal-qr')
    const first = await qr.innerHTML()
    await writeStatus(vault(), { state: 'pairing', pairing: { qr: '2@dos' } })
    await until(async () => (await qr.innerHTML()) !== first)
    expect(await boxOf(page, 'Reiniciar la conexión')).toEqual(before)
    await writeStatus(vault(), { state: 'open', phone: '5218330000001' })
    await page.getByText('Recibe y envía.').waitFor()
    expect(await boxOf(page, 'Reiniciar la conexión')).toEqual(before)
    await page.reload()
    await page.getByText('Desvincular el número').click()
    await page.getByRole('button', { name: 'Desvincular', exact: true }).click()
    // The browser itself asks for the box first.
    expect(await takeOrder(vault())).toBeUndefined()
    await page.getByLabel('Sí, desvincular este número').check()
    await page.getByRole('button', { name: 'Desvincular', exact: true }).click()
    await page.getByText('Se pidió desvincular').waitFor()
    expect((await takeOrder(vault()))?.order).toBe('disconnect')
    expect(page.complaints).toEqual([])
  })

  it('an open page of any kind is told of a channel that stops and works again, and moves nothing', {
    timeout: 60_000,
  }, async () => {
    const { folio } = await llegada(panel)
    const page = await panel.enter(administrador, PHONE)
    await listening(page, () => page.goto('/admin?estado=CANALIZADO'))
    const link = page.getByRole('listitem').filter({ hasText: folio }).getByRole('link')
    const before = await link.boundingBox()
    await telegram('token-refused')
    const warning = page.getByText('Telegram: La plataforma ya no acepta su clave de acceso.')
    await warning.waitFor()
    expect(await link.boundingBox()).toEqual(before)
    await telegram('polling', true)
    await warning.waitFor({ state: 'detached' })
    expect(await link.boundingBox()).toEqual(before)
    await telegram('token-refused')
    await listening(page, () => page.reload())
    const below = await link.boundingBox()
    await telegram('polling', true)
    await page.getByText('ya funciona otra vez').waitFor()
    expect(await link.boundingBox()).toEqual(below)
    await page.reload()
    expect(await page.getByText('ya funciona otra vez').count()).toBe(0)
    expect(page.complaints).toEqual([])
  })

  it('who need not know is not told', async () => {
    await telegram('token-refused')
    const page = await panel.enter(enlace)
    expect(await page.locator('.caidas, .caidas-vivas').count()).toBe(0)
  })

  it('the list changes live and keeps its rows where they are', { timeout: 60_000 }, async () => {
    await telegram('polling', true)
    const page = await panel.enter(administrador, PHONE)
    await listening(page, () => page.goto('/admin/canales'))
    const last = page.getByRole('link', { name: 'WhatsApp', exact: true })
    const before = await last.boundingBox()
    await telegram('another-poller')
    await page.locator('main').getByText('Otro programa está leyendo').waitFor()
    expect(await last.boundingBox()).toEqual(before)
  })
})
