import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AnyChannel, Health } from '../../../src/channels/channel.ts'
import { SendError } from '../../../src/channels/send-error.ts'
import { type Database, openDatabase } from '../../../src/runtime/database.ts'
import { listen } from '../../../src/runtime/events.ts'
import { createMetrics } from '../../../src/runtime/metrics.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { accountsInTrouble } from '../../../src/workflow/mensajes/account-state.ts'
import { accountMetrics, keepAccountStates, noteHealth } from '../../../src/workflow/mensajes/keep-account-states.ts'
import { createTestDatabase } from '../../database.ts'
import { notingChannel, silent } from '../way-fixture.ts'

let database: Database
let close: () => Promise<void>
beforeAll(async () => {
  const { url, drop } = await createTestDatabase()
  database = await openDatabase(url, [], silent)
  close = async () => {
    await database.close()
    await drop()
  }
})
afterAll(() => close())
beforeEach(() => sql(database.fork(), 'truncate channel_state, whatsapp_account, lease cascade'))

const account = (name: string, more: Partial<AnyChannel> = {}): AnyChannel => ({
  ...notingChannel().channel,
  name,
  ...more,
})
const TELEGRAM = account('telegram', { run: async () => undefined })
const MESSENGER = account('messenger')
const WHATSAPP = account('whatsapp', { run: async () => undefined, home: 'whatsapp' })

const troubles = async (...accounts: AnyChannel[]) =>
  (await accountsInTrouble(database.fork(), accounts)).map(({ channel, trouble }) => `${channel}: ${trouble.code}`)

/** A row of `channel_state`, by what differs from an account of which nothing is known. */
const state = (channel: string, columns: string, values: string) =>
  sql(database.fork(), `insert into channel_state (channel, account, ${columns}) values ($1, 'default', ${values})`, [
    channel,
  ])
const number = (columns: string, values: string, held = true) =>
  sql(
    database.fork(),
    `with held as (insert into lease select 'whatsapp/default', gen_random_uuid(), now() + interval '1 hour' where $1)
     insert into whatsapp_account (account, ${columns}) values ('default', ${values})`,
    [held],
  )

describe('what staff have to know of an account', () => {
  it('is nothing of one that nothing is known of yet', async () => {
    expect(await troubles(TELEGRAM, MESSENGER, WHATSAPP)).toEqual([])
  })

  it.each([
    ['works', `true, 'polling', now(), now()`, []],
    ['its token is refused', `false, 'token-refused', now(), now()`, ['telegram: token-refused']],
    ['another program reads', `false, 'another-poller', now(), now()`, ['telegram: another-poller']],
    ['its webhook fails', `false, 'webhook-failing', now(), now()`, ['telegram: webhook-failing']],
    [
      'nobody reads it any more',
      `true, 'polling', now() - interval '1 hour', now() - interval '10 minutes'`,
      ['telegram: unread'],
    ],
    ['our own database was away', `false, 'database-away', now(), now()`, []],
    ['something nobody has words for', `false, 'tuesday', now(), now()`, ['telegram: other']],
  ])('by its connection: %s', async (_name, values, expected) => {
    await state('telegram', 'ok, code, since, noted_at', values)
    expect(await troubles(TELEGRAM)).toEqual(expected)
  })

  it.each([
    ['the token is refused', `now(), 'unauthorized', 0`, ['messenger: token-refused']],
    ['no answer comes', `now(), 'timeout', 0`, ['messenger: no-answer']],
    ['it was cut a moment ago', `now(), 'not_connected', 0`, []],
    ['it stays cut', `now(), 'not_connected', 1`, ['messenger: unreachable']],
  ])('by its sends: %s', async (_name, values, expected) => {
    await state('messenger', 'paused_at, error_code, probes', values)
    expect(await troubles(MESSENGER)).toEqual(expected)
  })

  it.each([
    ['open', `'open', null, '5218330000001', now()`, true, []],
    ['not linked yet', `'pairing', null, null, now() - interval '1 hour'`, true, []],
    ['disconnected by staff', `'unlinked', 'disconnected', '5218330000001', now()`, true, []],
    ['unlinked on the telephone', `'pairing', null, '5218330000001', now()`, true, ['whatsapp: unlinked']],
    ['banned', `'stopped', 'banned', '5218330000001', now()`, true, ['whatsapp: banned']],
    ['used elsewhere', `'stopped', 'replaced', '5218330000001', now()`, true, ['whatsapp: replaced']],
    ['with keys nobody can read', `'stopped', 'unreadable', '5218330000001', now()`, true, ['whatsapp: unreadable']],
    ['restricted', `'restricted', '463', '5218330000001', now()`, true, ['whatsapp: restricted']],
    ['connecting again', `'waiting', null, '5218330000001', now()`, true, []],
    ['long away', `'waiting', null, '5218330000001', now() - interval '5 minutes'`, true, ['whatsapp: unreachable']],
    ['held by nobody', `'open', null, '5218330000001', now() - interval '5 minutes'`, false, ['whatsapp: not-held']],
  ])('of a linked number: %s', async (_name, values, held, expected) => {
    await number('state, reason, phone, since', values, held)
    expect(await troubles(WHATSAPP)).toEqual(expected)
  })

  it('leaves a number that was given up a moment ago to the next process', async () => {
    await number('state, phone, since', `'open', '5218330000001', now() - interval '1 day'`, false)
    await state('whatsapp', 'ok, code, since, noted_at', `true, 'ok', now(), now() - interval '20 seconds'`)
    expect(await troubles(WHATSAPP)).toEqual([])
    await sql(database.fork(), "update channel_state set noted_at = now() - interval '2 minutes'")
    expect(await troubles(WHATSAPP)).toEqual(['whatsapp: not-held'])
  })

  it('is a metric too', async () => {
    await state('telegram', 'ok, code, since, noted_at', `false, 'token-refused', now(), now()`)
    const metrics = createMetrics()
    accountMetrics(metrics, database, [TELEGRAM, MESSENGER])
    const shown = await metrics.registry.metrics()
    expect(shown).toContain('canaliza_channel_up{account="telegram/default"} 0')
    expect(shown).toContain('canaliza_channel_up{account="messenger/default"} 1')
  })
})

describe('what a process learns of an account', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, seconds))
  const note = (code: string, seconds: number, ok = false) =>
    noteHealth(database.fork(), MESSENGER, { ok, code, detail: '', at: at(seconds) })
  const noted = () =>
    sqlOne(database.fork(), `select code, ok, since, ok_at as "okAt" from channel_state where channel = 'messenger'`)

  it('gives way to what another process learnt later, and not to what came before', async () => {
    await note('ready', 10, true)
    await note('token-refused', 5)
    expect(await noted()).toMatchObject({ code: 'ready' })
    await note('token-refused', 20)
    await note('token-refused', 30)
    expect(await noted()).toEqual({ code: 'token-refused', ok: false, since: at(20), okAt: at(10) })
    await note('ready', 40, true)
    expect(await noted()).toEqual({ code: 'ready', ok: true, since: at(40), okAt: at(40) })
  })

  it('is told to open pages when it changes, and only then', async () => {
    const events = await listen(database.url, silent)
    const heard: string[] = []
    events.on('channel', (event) => void heard.push('channel' in event ? String(event.channel) : event.topic))
    await note('ready', 10, true)
    await note('ready', 20, true)
    await note('token-refused', 30)
    await until(async () => heard.length >= 2)
    await events.close()
    expect(heard).toEqual(['messenger', 'messenger'])
  })

  it('is told to open pages also when only time tells it', async () => {
    await state('telegram', 'ok, code, since, noted_at', `true, 'polling', now(), now()`)
    const events = await listen(database.url, silent)
    const heard: string[] = []
    events.on('channel', (event) => void heard.push('channel' in event ? String(event.channel) : event.topic))
    const stopping = new AbortController()
    const kept = keepAccountStates({ database, channels: [TELEGRAM], log: silent }, stopping.signal, 5)
    for (let hours = 0; !heard.includes('telegram'); hours = 1 - hours) {
      await sql(database.fork(), 'update channel_state set noted_at = now() - make_interval(hours => $1)', [hours])
      await until(() => heard.includes('telegram'), { timeout: 200 })
    }
    stopping.abort()
    await kept
    await events.close()
  })

  it('is kept by every process while it runs; what it does not know itself it leaves alone', async () => {
    let health: Health = { ok: true, detail: 'another one reads' }
    const channel = { ...TELEGRAM, health: () => health }
    const stopping = new AbortController()
    const kept = keepAccountStates({ database, channels: [channel], log: silent }, stopping.signal, 5)
    const codeOf = async () =>
      (await sqlOne<{ code: string }>(database.fork(), `select code from channel_state where channel = 'telegram'`))
        ?.code
    health = { ok: true, code: 'polling', detail: '', at: new Date() }
    await until(async () => (await codeOf()) === 'polling')
    health = { ok: false, code: 'another-poller', detail: '', at: new Date() }
    await until(async () => (await codeOf()) === 'another-poller')
    stopping.abort()
    await kept
  })

  it('is asked of the platform where nothing is heard by itself, by one of all processes', async () => {
    let asked = 0
    let health: Health = { ok: true, code: 'ready', detail: '' }
    const check = async () => {
      asked += 1
      health = { ok: false, code: 'token-refused', detail: '', at: new Date() }
      throw new SendError('unauthorized', 'no', { retryable: true, scope: 'account', providerCode: '190' })
    }
    const channel = { ...MESSENGER, check, health: () => health }
    const stopping = new AbortController()
    const deps = { database, channels: [channel], log: silent }
    const processes = [1, 2, 3].map(() => keepAccountStates(deps, stopping.signal, 5))
    await until(async () => (await troubles(MESSENGER)).includes('messenger: token-refused'))
    stopping.abort()
    await Promise.all(processes)
    expect(asked).toBe(1)
  })
})
