import { describe, expect, it, onTestFinished } from 'vitest'
import type { AnyChannel } from '../../../src/channels/channel.ts'
import { SendError } from '../../../src/channels/send-error.ts'
import { type Database, openDatabase } from '../../../src/runtime/database.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { takeProbe } from '../../../src/workflow/mensajes/circuit.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { sendPending } from '../../../src/workflow/mensajes/send-message.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import { sweep } from '../../../src/workflow/sweep.ts'
import { messages, notingChannel, said, sendDeps, silent, testDatabase } from '../way-fixture.ts'

const ACCOUNT = { channel: 'test', account: 'default' }

const badToken = () => new SendError('unauthorized', 'the token is not one', { retryable: true, scope: 'account' })
const noAnswer = () => new SendError('unavailable', 'bad gateway', { retryable: true, providerCode: '502' })
const blocked = () => new SendError('blocked', 'blocked by the user', { retryable: false })

/** Citizens with messages that wait for them, and a platform that answers as `platform.says` says. */
async function town(texts: Record<string, string[]>, more: Partial<AnyChannel> = {}) {
  const database = await testDatabase()
  const save = createSaveInbound(database, () => undefined)
  const store = createStoreOutbound(() => notingChannel().channel.limits)
  const platform: { calls: string[]; says: (text: string) => SendError | undefined } = {
    calls: [],
    says: () => undefined,
  }
  const noting = notingChannel({}, ({ message: { text = '' } }) => {
    platform.calls.push(text)
    const error = platform.says(text)
    if (error) throw error
    return {}
  })
  const channel: AnyChannel = { ...noting.channel, ...more }
  const { deps, outcomes } = sendDeps(database, channel)
  const conversations: Record<string, number> = {}
  for (const [citizen, mine] of Object.entries(texts)) {
    await save([said(citizen, 'hola')])
    const row = await sqlOne<{ id: number }>(
      database.fork(),
      'select c.id from conversation c join address a on a.id = c.address_id where a.external_id = $1',
      [citizen],
    )
    const id = row?.id ?? 0
    conversations[citizen] = id
    await database.fork().transactional((em) =>
      store(
        em,
        id,
        mine.map((text) => ({ text })),
      ),
    )
  }
  await sql(
    database.fork(),
    "update message set created_at = now() - interval '1 minute', status = case direction when 'in' then 'handled' else status end",
  )
  const send = (citizen: string) => sendPending(deps, conversations[citizen] ?? 0, ACCOUNT)
  return {
    database,
    platform,
    channel,
    deps,
    outcomes,
    conversations,
    send,
    sent: noting.sent,
    /** What one sweep wakes is sent. */
    async swept() {
      const { sends } = await sweep(database, () => false)
      await Promise.all(sends.map((id) => sendPending(deps, id, ACCOUNT)))
      return sends
    },
    /** The next try is due now, and so is each message that was put off. */
    async later() {
      await sql(database.fork(), 'update channel_state set probe_at = now() where paused_at is not null')
      await sql(database.fork(), "update message set due_at = now() - interval '1 minute' where due_at is not null")
    },
    statuses: async () =>
      (await messages(database)).flatMap((row) => (row.direction === 'out' ? [`${row.text} ${row.status}`] : [])),
    state: () => stateOf(database),
  }
}

interface State {
  paused: boolean
  probes: number
  probeIn: number | null
  failures: number
  errorCode: string | null
}

const stateOf = (database: Database) =>
  sqlOne<State>(
    database.fork(),
    `select paused_at is not null as paused, probes, failures, error_code as "errorCode",
            extract(epoch from probe_at - clock_timestamp())::float8 as "probeIn" from channel_state`,
  )

describe('the circuit of an account', () => {
  it('opens at once when the token is refused: the others wait, and nothing is spent', async () => {
    const { send, platform, statuses, state, database } = await town({ ana: ['a1', 'a2'], beto: ['b1'] })
    platform.says = badToken
    await send('ana')
    await send('beto')
    await send('ana')
    expect(platform.calls).toEqual(['a1'])
    expect(await statuses()).toEqual(['a1 pending', 'a2 pending', 'b1 pending'])
    expect((await messages(database)).map((row) => row.attempts)).toEqual([0, 0, 0, 0, 0])
    expect(await state()).toMatchObject({ paused: true, probes: 0, errorCode: 'unauthorized' })
  })

  it('lets one message try after a growing time, and spends none however long it takes', async () => {
    const { send, swept, later, platform, statuses, state, database } = await town({
      ana: ['a1'],
      beto: ['b1'],
      caro: ['c1'],
    })
    platform.says = badToken
    await send('ana')
    const waits: number[] = []
    for (let probe = 1; probe <= 8; probe++) {
      expect(await swept()).toEqual([])
      await later()
      expect(await swept()).toHaveLength(1)
      expect(platform.calls).toHaveLength(probe + 1)
      waits.push((await state())?.probeIn ?? 0)
    }
    expect(waits[0]).toBeGreaterThan(15)
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0)
    expect(waits.at(-1)).toBeGreaterThan(250)
    expect(Math.max(...waits)).toBeLessThan(340)
    expect(await statuses()).toEqual(['a1 pending', 'b1 pending', 'c1 pending'])
    expect((await messages(database)).every((row) => row.attempts === 0)).toBe(true)
  })

  it('closes by itself when a try goes well: all that waited goes, each conversation in its order', async () => {
    const texts = { ana: ['a1', 'a2', 'a3'], beto: ['b1', 'b2'], caro: ['c1', 'c2'] }
    const { send, swept, later, platform, sent, state, statuses } = await town(texts)
    platform.says = badToken
    await send('ana')
    platform.says = () => undefined
    await later()
    await swept()
    expect(await state()).toMatchObject({ paused: false, probes: 0, failures: 0 })
    await swept()
    for (const mine of Object.values(texts)) {
      expect(sent.map(({ text }) => text).filter((text) => mine.includes(text))).toEqual(mine)
    }
    expect(await statuses()).toHaveLength(7)
    expect((await statuses()).every((one) => one.endsWith('sent'))).toBe(true)
  })

  it('opens after failures in a row of several conversations, and only then', async () => {
    const { send, platform, state, later, statuses } = await town({ ana: ['a1'], beto: ['b1'] })
    platform.says = noAnswer
    for (const citizen of ['ana', 'beto', 'ana', 'beto']) {
      await send(citizen)
      await later()
    }
    expect(await state()).toMatchObject({ paused: false, failures: 4 })
    await send('ana')
    expect(await state()).toMatchObject({ paused: true, errorCode: 'unavailable' })
    expect(await statuses()).toEqual(['a1 pending', 'b1 pending'])
  })

  it('begins to count anew whenever one goes well', async () => {
    const { send, platform, state, later } = await town({ ana: ['a1'], beto: ['b1'], caro: ['c1'] })
    platform.says = noAnswer
    for (const citizen of ['ana', 'beto', 'ana', 'beto']) {
      await send(citizen)
      await later()
    }
    platform.says = () => undefined
    await send('caro')
    platform.says = noAnswer
    await send('ana')
    expect(await state()).toMatchObject({ paused: false, failures: 1 })
  })

  it('never opens for one message that the platform cannot stand', async () => {
    const { send, platform, state, later, sent } = await town({ ana: ['veneno'], beto: ['b1'] })
    platform.says = (text) => (text === 'veneno' ? noAnswer() : undefined)
    for (let attempt = 0; attempt < 12; attempt++) {
      await send('ana')
      await later()
    }
    expect(await state()).toMatchObject({ paused: false, failures: 12 })
    await send('beto')
    expect(sent.map(({ text }) => text)).toEqual(['b1'])
  })

  it('opens for whoever is written to when requests do not even leave', async () => {
    const { send, platform, state, later } = await town({ ana: ['a1'] })
    platform.says = () => new SendError('unavailable', 'ECONNREFUSED', { retryable: true, scope: 'account' })
    for (let attempt = 0; attempt < 5; attempt++) {
      await send('ana')
      await later()
    }
    expect((await state())?.paused).toBe(true)
  })

  it('closes when the platform refuses one message or one person: it answers', async () => {
    const { send, swept, later, platform, state } = await town({ ana: ['a1'], beto: ['b1'] })
    platform.says = badToken
    await send('ana')
    platform.says = blocked
    await later()
    await swept()
    expect(await state()).toMatchObject({ paused: false, failures: 0 })
  })

  it('is of one account: another one goes on', async () => {
    const { database, send, platform, deps, channel, sent } = await town({ ana: ['a1'], beto: ['b1'] })
    await sql(database.fork(), "update address set account = 'dos' where external_id = 'beto'")
    await sql(database.fork(), "update message set account = 'dos' where body->>'text' = 'b1'")
    platform.says = (text) => (text === 'a1' ? badToken() : undefined)
    await send('ana')
    const [{ id } = { id: 0 }] = await sql<{ id: number }>(
      database.fork(),
      "select conversation_id as id from message where account = 'dos' and direction = 'out'",
    )
    await sendPending({ ...deps, channelOf: () => ({ ...channel, account: 'dos' }) }, id, {
      channel: 'test',
      account: 'dos',
    })
    expect(sent.map(({ text }) => text)).toEqual(['b1'])
  })
})

describe('a try whether it works again', () => {
  it('is made by one of several processes', async () => {
    const { database, send, platform, deps, conversations, later, state } = await town({ ana: ['a1'], beto: ['b1'] })
    const other = await openDatabase(database.url, [], silent)
    onTestFinished(() => other.close())
    platform.says = badToken
    await send('ana')
    await later()
    const processes = [deps, { ...deps, database: other, underway: new Set<number>() }]
    const tries = processes.flatMap((one) => Object.values(conversations).map((id) => sendPending(one, id, ACCOUNT)))
    await Promise.all(tries)
    expect(platform.calls).toHaveLength(2)
    expect(await state()).toMatchObject({ paused: true, probes: 1 })
  })

  it('is made by another when the process that had its turn died half-way', async () => {
    const { database, send, swept, platform, later, sent, state } = await town({ ana: ['a1'], beto: ['b1'] })
    platform.says = badToken
    await send('ana')
    platform.says = () => undefined
    await later()
    // It took the turn, claimed nothing, and was never heard of again.
    expect(await takeProbe(database.fork(), ACCOUNT)).toBe(true)
    expect(await swept()).toEqual([])
    expect((await state())?.probeIn).toBeLessThanOrEqual(30)
    await later()
    await swept()
    await swept()
    expect(sent.map(({ text }) => text).toSorted()).toEqual(['a1', 'b1'])
  })

  it('asks the platform without sending anything, where that can be done', async () => {
    let works = false
    const asked: boolean[] = []
    const check = async () => {
      asked.push(works)
      if (!works) throw badToken()
    }
    const { send, swept, platform, later, state, statuses } = await town({ ana: ['a1'], beto: ['b1'] }, { check })
    platform.says = badToken
    await send('ana')
    await later()
    await swept()
    expect([platform.calls, asked, (await state())?.probes]).toEqual([['a1'], [false], 1])
    works = true
    platform.says = () => undefined
    await later()
    await swept()
    await swept()
    expect(asked).toEqual([false, true])
    expect((await statuses()).every((one) => one.endsWith('sent'))).toBe(true)
  })

  it('is not put off by what was under way when the circuit opened', async () => {
    const { send, platform, state, deps, conversations } = await town({ ana: ['a1'], beto: ['b1'], caro: ['c1'] })
    let arrived = 0
    const all = Promise.withResolvers<void>()
    platform.says = badToken
    const slow: AnyChannel['send'] = async () => {
      arrived += 1
      if (arrived === 3) all.resolve()
      await all.promise
      throw badToken()
    }
    const channel = deps.channelOf('test', 'default')
    if (!channel) throw new Error('there is no channel')
    const together = { ...deps, channelOf: () => ({ ...channel, send: slow }) }
    await Promise.all(Object.values(conversations).map((id) => sendPending(together, id, ACCOUNT)))
    expect(await state()).toMatchObject({ paused: true, probes: 0, failures: 3 })
    expect((await state())?.probeIn).toBeLessThan(12)
    await send('ana')
    expect(platform.calls).toEqual([])
  })
})
