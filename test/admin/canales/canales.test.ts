import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { takeOrder, writeStatus } from '../../../src/channels/whatsapp/status.ts'
import { createSecretBox } from '../../../src/runtime/secret-box.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { noteHealth } from '../../../src/workflow/mensajes/keep-account-states.ts'
import { type Navegador, SECRET_KEY, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let administrador: Navegador
let comunicacion: Navegador
let enlace: Navegador
beforeAll(async () => {
  panel = await startPanel()
  administrador = await panel.logIn(['administrador'])
  comunicacion = await panel.logIn(['comunicacion'])
  enlace = await panel.logIn(['enlace'], 'OP')
})
const run = (text: string, parameters: unknown[] = []) => sql(panel.database.fork(), text, parameters)
beforeEach(() => run('truncate channel_state, whatsapp_account, lease cascade'))

const vault = () => ({ database: panel.database, box: createSecretBox(SECRET_KEY, 'whatsapp'), account: 'default' })
const NUMERO = '/admin/canales/whatsapp/default'
const TELEFONO = '5218330000001'
const refused = (code: string) =>
  noteHealth(
    panel.database.fork(),
    { name: 'telegram', account: 'default' },
    { ok: false, code, detail: 'Telegram answered 401: Unauthorized', at: new Date() },
  )

describe('the page Canales', () => {
  it('shows each configured account, in words', async () => {
    await refused('token-refused')
    const { body } = await comunicacion.get('/admin/canales')
    for (const name of ['Chat de la página', 'Telegram', 'Messenger', 'WhatsApp (API de Meta), avisos', 'WhatsApp']) {
      expect(body).toContain(`>${name}</a>`)
    }
    expect(body).toContain('La plataforma ya no acepta su clave de acceso.')
    expect(body).not.toContain('Unauthorized')
  })

  it('counts what went, what waits and who blocked us, of each account by itself', async () => {
    const { conversationId } = await llegada(panel)
    await run(
      `insert into message (channel, account, direction, conversation_id, seq, kind, body, status, sent_at) values
       ('messenger', 'default', 'out', $1, 9001, 'text', '{}', 'sent', now()),
       ('messenger', 'default', 'out', $1, 9002, 'text', '{}', 'read', now()),
       ('messenger', 'default', 'out', $1, 9003, 'text', '{}', 'sent', now() - interval '3 months'),
       ('messenger', 'default', 'out', $1, 9004, 'text', '{}', 'pending', null),
       ('messenger', 'default', 'out', $1, 9005, 'text', '{}', 'waiting_window', null),
       ('messenger', 'default', 'out', $1, 9006, 'text', '{}', 'waiting_window', null),
       ('messenger', 'default', 'out', $1, 9007, 'text', '{}', 'ambiguous', null),
       ('messenger', 'default', 'out', $1, 9008, 'text', '{}', 'failed', null),
       ('messenger', 'otra', 'out', $1, 9009, 'text', '{}', 'failed', null)`,
      [conversationId],
    )
    await run(
      `insert into address (channel, account, external_id, blocked_at) values ('messenger', 'default', 'p1', now())`,
    )
    const facts = await factsOf(await administrador.get('/admin/canales/messenger/default'))
    expect(facts).toMatchObject({
      Enviados: '2 enviados hoy, 2 este mes',
      'Por enviar': '1',
      'Esperan a que la persona escriba': '2',
      'No se sabe si llegaron': '1',
      'No salieron': '1',
      'Personas que bloquearon al municipio': '1',
    })
  })

  it('knows no account that is not configured', async () => {
    for (const url of ['/admin/canales/telegram/otra', '/admin/canales/messenger/default/vivo/x']) {
      expect((await administrador.get(url)).statusCode).toBe(404)
    }
    expect((await administrador.post('/admin/canales/telegram/default/reiniciar')).statusCode).toBe(404)
  })

  it('says what to do, and when it is tried again', async () => {
    await run(
      `insert into channel_state (channel, account, paused_at, probe_at, error_code, error, error_at)
       values ('messenger', 'default', now(), now() + interval '1 minute', 'unauthorized', 'Meta answered 190: expired', now())`,
    )
    const { body } = await administrador.get('/admin/canales/messenger/default')
    expect(body).toContain('Genere una clave (token) nueva de la página')
    expect(body).toContain('Meta answered 190: expired')
    expect(body).toContain('Intentar ahora')
    expect((await comunicacion.get('/admin/canales/messenger/default')).body).not.toContain('Intentar ahora')
    const answer = await administrador.post('/admin/canales/messenger/default/probar')
    expect(answer.headers.location).toBe('/admin/canales/messenger/default?hecho=probar')
    expect(await run('select probe_at <= clock_timestamp() as due from channel_state')).toEqual([{ due: true }])
  })
})

it('who blocked us is named to those who attend conversations', async () => {
  const { conversationId } = await llegada(panel)
  await run(
    `update address set blocked_at = now(), name = 'Persona de Prueba'
      where id = (select address_id from conversation where id = $1)`,
    [conversationId],
  )
  const link = `/admin/conversaciones/${conversationId}"`
  expect((await comunicacion.get('/admin/canales/telegram/default')).body).toContain(link)
  expect((await administrador.get('/admin/canales/telegram/default')).body).not.toContain(link)
})

describe('a linked number', () => {
  it('shows its QR to who administers, and to nobody else', async () => {
    await writeStatus(vault(), { state: 'pairing', pairing: { qr: '2@abc,def' } })
    expect((await administrador.get(`${NUMERO}/vivo`)).body).toContain('<svg class="qr" role="img"')
    const { body } = await comunicacion.get(`${NUMERO}/vivo`)
    expect(body).not.toContain('<svg')
    expect(body).toContain('Espera que se vincule')
  })

  it('shows a pairing code in two halves', async () => {
    await writeStatus(vault(), { state: 'pairing', pairing: { code: 'ABCD1234' } })
    expect((await administrador.get(`${NUMERO}/vivo`)).body).toContain('ABCD-1234')
    expect((await comunicacion.get(`${NUMERO}/vivo`)).body).not.toContain('ABCD')
  })

  it.each([
    ['833 000 0001', '528330000001'],
    ['+52 1 833 000 0001', '5218330000001'],
    ['+1 956 555 0100', '19565550100'],
  ])('is paired by a code on %s', async (telefono, phone) => {
    await administrador.post(`${NUMERO}/vincular`, { modo: 'codigo', telefono })
    expect(await takeOrder(vault())).toEqual({ order: 'pair', phone })
  })

  it.each(['', '12', 'mi número', '833 000'])('is not paired by a code on «%s»', async (telefono) => {
    const { statusCode, body } = await administrador.post(`${NUMERO}/vincular`, { modo: 'codigo', telefono })
    expect([statusCode, body.includes('Escriba los diez dígitos')]).toEqual([422, true])
    expect(await takeOrder(vault())).toBeUndefined()
  })

  it('is paired by a QR at one press while it is not linked', async () => {
    await administrador.post(`${NUMERO}/vincular`, { modo: 'qr', telefono: '' })
    expect(await takeOrder(vault())).toEqual({ order: 'pair', phone: '' })
  })

  it('is paired again, and disconnected, only by who says yes', async () => {
    await writeStatus(vault(), { state: 'open', phone: TELEFONO })
    expect((await administrador.post(`${NUMERO}/vincular`, { modo: 'qr' })).statusCode).toBe(422)
    expect((await administrador.post(`${NUMERO}/desvincular`)).statusCode).toBe(422)
    expect(await takeOrder(vault())).toBeUndefined()
    await administrador.post(`${NUMERO}/vincular`, { modo: 'qr', confirmo: 'si' })
    expect((await takeOrder(vault()))?.order).toBe('pair')
    await administrador.post(`${NUMERO}/desvincular`, { confirmo: 'si' })
    expect((await takeOrder(vault()))?.order).toBe('disconnect')
  })

  it('leaves a line in the audit log for each act, without the telephone', async () => {
    await run(`insert into whatsapp_account (account, state) values ('default', 'unlinked')`)
    const before = await lines()
    await administrador.post(`${NUMERO}/reiniciar`)
    await administrador.post(`${NUMERO}/vincular`, { modo: 'codigo', telefono: '833 000 0001' })
    const mine = (await lines()).slice(before.length)
    expect(mine).toEqual([
      ['canal.reiniciar', 'whatsapp/default', administrador.usuarioId, {}],
      ['canal.vincular', 'whatsapp/default', administrador.usuarioId, { modo: 'codigo' }],
    ])
  })
})

describe('a channel that does not work', () => {
  it('is on every page of who has to know, with what to do, and gone when it works', async () => {
    await refused('token-refused')
    for (const page of ['/admin', '/admin/cuenta', '/admin/canales']) {
      expect((await comunicacion.get(page)).body).toContain('Telegram: La plataforma ya no acepta su clave')
    }
    expect((await administrador.get('/admin')).body).toContain('@BotFather')
    expect((await comunicacion.get('/admin')).body).toContain('Avise a quien administra el panel')
    expect((await enlace.get('/admin')).body).not.toContain('BotFather')
    await noteHealth(
      panel.database.fork(),
      { name: 'telegram', account: 'default' },
      { ok: true, code: 'polling', detail: '', at: new Date() },
    )
    expect((await comunicacion.get('/admin')).body).not.toContain('Telegram: La plataforma')
  })

  it('is told to a page that is open: what came, and what works again', async () => {
    await refused('another-poller')
    const told = async (vistas: string) =>
      (await comunicacion.get(`/admin/canales/avisos?vistas=${vistas}`, { headers: { 'hx-request': 'true' } })).body
    expect(await told('')).toContain('Otro programa está leyendo')
    expect(await told('telegram/default')).not.toContain('Otro programa está leyendo')
    const body = await told('telegram/default,messenger/default')
    expect(body).toMatch(/id="ahora-messenger-default"[^>]*><p><strong>Messenger:<\/strong> ya funciona/)
    expect(body).toMatch(/id="ahora-telegram-default"[^>]*><\/div>/)
    expect(await told('<script>/x')).not.toContain('<script>')
  })
})

async function factsOf({ body }: { body: string }): Promise<Record<string, string>> {
  const pairs = [...body.matchAll(/<dt>(.*?)<\/dt><dd[^>]*>(.*?)<\/dd>/g)]
  return Object.fromEntries(pairs.map(([, name, value]) => [name, value]))
}

const lines = async () =>
  (
    await sql<{ action: string; object: string; usuario: number; detail: unknown }>(
      panel.database.fork(),
      `select action, object_id as object, usuario_id as usuario, detail from audit where object_type = 'canal' order by id`,
    )
  ).map(({ action, object, usuario, detail }) => [action, object, usuario, detail])
