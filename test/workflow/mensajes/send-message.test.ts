import { describe, expect, it } from 'vitest'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { renewClaims } from '../../../src/workflow/mensajes/claim-message.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { sendPending } from '../../../src/workflow/mensajes/send-message.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import { sweep } from '../../../src/workflow/sweep.ts'
import {
  messages,
  notingChannel,
  onlyConversation,
  said,
  sendDeps,
  testDatabase,
  waitingForALock,
} from '../way-fixture.ts'

const ACCOUNT = { channel: 'test', account: 'default' }

async function conversationWith(texts: string[]) {
  const database = await testDatabase()
  await createSaveInbound(database, () => undefined)([said('ana', 'hola')])
  await sql(database.fork(), "update message set status = 'handled'")
  const id = await onlyConversation(database)
  const store = createStoreOutbound(() => notingChannel().channel.limits)
  await database.fork().transactional((em) =>
    store(
      em,
      id,
      texts.map((text) => ({ text })),
    ),
  )
  return { database, id }
}

const outbound = async (database: Parameters<typeof messages>[0]) =>
  (await messages(database)).filter((row) => row.direction === 'out').map(({ text, status }) => [text, status])

describe('sendPending', () => {
  it('sends in order and once, however many processes try', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `aviso ${index}`)
    const { database, id } = await conversationWith(texts)
    const { channel, sent } = notingChannel()
    const { deps } = sendDeps(database, channel)
    await Promise.all(Array.from({ length: 6 }, () => sendPending(deps, id, ACCOUNT)))
    await sendPending(deps, id, ACCOUNT)
    expect(sent.map((message) => message.text)).toEqual(texts)
    expect((await outbound(database)).every(([, status]) => status === 'sent')).toBe(true)
  })

  it('waits as long as the platform asks, and lets nothing overtake', async () => {
    const { database, id } = await conversationWith(['uno', 'dos'])
    let throttled = true
    const { channel, sent } = notingChannel({}, () => {
      if (throttled) throw new SendError('throttled', 'slow down', { retryable: true, retryAfter: 30 })
      return {}
    })
    const { deps, later } = sendDeps(database, channel)
    await sendPending(deps, id, ACCOUNT)
    expect(later[0]?.delay).toBeGreaterThan(29_000)
    await sendPending(deps, id, ACCOUNT)
    expect(sent).toEqual([])
    throttled = false
    await sql(database.fork(), 'update message set due_at = now()')
    await sendPending(deps, id, ACCOUNT)
    expect(sent.map((message) => message.text)).toEqual(['uno', 'dos'])
  })

  it('tries a send of unknown outcome once more, then shows it to the staff and goes on', async () => {
    const { database, id } = await conversationWith(['uno', 'dos'])
    const { channel } = notingChannel({}, ({ message }) => {
      if (message.text === 'uno') throw new SendError('timeout', 'no answer', { retryable: true, outcomeUnknown: true })
      return {}
    })
    const { deps, outcomes } = sendDeps(database, channel)
    await sendPending(deps, id, ACCOUNT)
    await sql(database.fork(), 'update message set due_at = now()')
    await sendPending(deps, id, ACCOUNT)
    expect(await outbound(database)).toEqual([
      ['uno', 'ambiguous'],
      ['dos', 'sent'],
    ])
    expect(outcomes).toEqual(['retry', 'ambiguous', 'sent'])
  })

  it('stops writing to an address that blocked us', async () => {
    const { database, id } = await conversationWith(['uno', 'dos'])
    let calls = 0
    const { channel } = notingChannel({}, () => {
      calls++
      throw new SendError('blocked', 'bot was blocked by the user', { retryable: false, providerCode: '403' })
    })
    const { deps } = sendDeps(database, channel)
    await sendPending(deps, id, ACCOUNT)
    expect(calls).toBe(1)
    expect(await outbound(database)).toEqual([
      ['uno', 'failed'],
      ['dos', 'failed'],
    ])
  })

  it('keeps to the rate of the account over all conversations and processes', async () => {
    const { database, id } = await conversationWith(Array.from({ length: 8 }, (_, index) => String(index)))
    const { channel, sent } = notingChannel({ rate: 25 })
    const { deps } = sendDeps(database, channel)
    let wait: number | undefined = 0
    while (wait !== undefined) {
      const pause = wait
      await expect.poll(() => sql(database.fork(), 'select pg_sleep($1)', [pause / 1000])).toBeDefined()
      wait = await sendPending(deps, id, ACCOUNT)
    }
    const gaps = sent.slice(1).map((message, index) => message.at - (sent[index]?.at ?? 0))
    expect(sent).toHaveLength(8)
    expect(sent.map((message) => message.text).join('')).toBe('01234567')
    const total = (sent.at(-1)?.at ?? 0) - (sent[0]?.at ?? 0)
    expect(total).toBeGreaterThan(7 * 40 - 20)
    expect(Math.min(...gaps)).toBeGreaterThan(15)
  })

  it('does not count waiting for the rate as an attempt, so that the first throttled one is not the last', async () => {
    const { database, id } = await conversationWith(['aviso'])
    const { channel } = notingChannel({ rate: 0.01 }, () => {
      throw new SendError('throttled', 'slow down', { retryable: true, retryAfter: 1 })
    })
    const { deps } = sendDeps(database, channel)
    const rate = (next: string) =>
      sql(
        database.fork(),
        `insert into channel_state (channel, account, next_send_at) values ('test', 'default', ${next})
         on conflict (channel, account) do update set next_send_at = ${next}`,
      )
    await rate("now() + interval '1 hour'")
    for (let turn = 0; turn < 40; turn++) {
      await sendPending(deps, id, ACCOUNT)
      await sql(database.fork(), 'update message set due_at = null')
    }
    await rate('now()')
    await sendPending(deps, id, ACCOUNT)
    expect(await outbound(database)).toEqual([['aviso', 'pending']])
    expect((await messages(database)).find((row) => row.direction === 'out')?.attempts).toBe(1)
  })

  it('lets the whole account wait when the platform asks the account to', async () => {
    const { database, id } = await conversationWith(['uno'])
    await createSaveInbound(database, () => undefined)([said('berta', 'hola')])
    const [berta] = await sql<{ id: number }>(database.fork(), 'select max(id) as id from conversation')
    const store = createStoreOutbound(() => notingChannel().channel.limits)
    await database.fork().transactional((em) => store(em, berta?.id ?? 0, [{ text: 'dos' }]))
    let calls = 0
    const { channel } = notingChannel({ rate: 1000 }, () => {
      calls++
      throw new SendError('throttled', 'slow down', { retryable: true, retryAfter: 30, scope: 'account' })
    })
    const { deps, later } = sendDeps(database, channel)
    await sendPending(deps, id, ACCOUNT)
    await sendPending(deps, berta?.id ?? 0, ACCOUNT)
    expect(calls).toBe(1)
    expect(later.map(({ delay }) => delay > 29_000)).toEqual([true, true])
  })

  it('lets nothing overtake a message that is given back at the very moment another process looks', async () => {
    const { database, id } = await conversationWith(['uno', 'dos'])
    const [uno, dos] = (await messages(database)).filter((row) => row.direction === 'out')
    const { channel, sent } = notingChannel()
    const { deps } = sendDeps(database, channel)
    await sql(database.fork(), "update message set status = 'sending' where id = $1", [uno?.id])
    const held = database.fork()
    await held.begin()
    await sql(held, 'select 1 from message where id = $1 for update', [dos?.id])
    const other = sendPending(deps, id, ACCOUNT)
    await Promise.race([other, waitingForALock(database)])
    await sql(
      database.fork(),
      "update message set status = 'pending', due_at = now() + interval '1 minute' where id = $1",
      [uno?.id],
    )
    await held.commit()
    await other
    expect(sent).toEqual([])
  })

  it('empties a message of an anonymous report once the platform has it', async () => {
    const { database, id } = await conversationWith(['su folio'])
    await sql(database.fork(), "update message set expires_at = now() + interval '1 hour' where direction = 'out'")
    const { channel } = notingChannel({}, () => ({ providerId: '77' }))
    await sendPending(sendDeps(database, channel).deps, id, ACCOUNT)
    expect(await sql(database.fork(), "select body, provider_id from message where direction = 'out'")).toEqual([
      { body: {}, provider_id: null },
    ])
  })
})

describe('sweep', () => {
  it('frees what a dead process had claimed: repeated freely where the platform drops copies, doubted elsewhere', async () => {
    const { database } = await conversationWith(['uno'])
    const claimByTheDead = () =>
      sql(
        database.fork(),
        "update message set status = 'sending', claimed_until = now() - interval '1 second' where direction = 'out'",
      )
    await claimByTheDead()
    await sweep(database, () => true, 0)
    expect(await outbound(database)).toEqual([['uno', 'pending']])
    await claimByTheDead()
    await sweep(database, () => false, 0)
    await claimByTheDead()
    await sweep(database, () => false, 0)
    expect(await outbound(database)).toEqual([['uno', 'ambiguous']])
  })

  it('leaves a claim alone that its owner, late but alive, is renewing', async () => {
    const { database } = await conversationWith(['uno'])
    await sql(
      database.fork(),
      "update message set status = 'sending', claimed_until = now() - interval '1 second' where direction = 'out'",
    )
    await database.fork().transactional(async (late) => {
      await renewClaims(
        late,
        (await sql<{ id: number }>(late, "select id from message where status = 'sending'")).map(({ id }) => id),
      )
      await sweep(database, () => false, 0)
    })
    expect(await outbound(database)).toEqual([['uno', 'sending']])
  })

  it('leaves alone what waits behind a message that has its hour', async () => {
    const { database } = await conversationWith(['uno', 'dos'])
    await sql(
      database.fork(),
      `update message set created_at = now() - interval '5 seconds',
              due_at = case when body->>'text' = 'uno' then now() + interval '1 hour' end where direction = 'out'`,
    )
    expect(await sweep(database, () => false)).toMatchObject({ sends: [] })
    await sql(database.fork(), "update message set due_at = now() - interval '1 minute' where due_at is not null")
    expect((await sweep(database, () => false)).sends).toHaveLength(1)
  })

  it('finds rows whose wake-up call was lost, and not those that are young', async () => {
    const { database, id } = await conversationWith(['uno'])
    await createSaveInbound(database, () => undefined)([said('ana', 'otra vez')])
    expect(await sweep(database, () => false)).toMatchObject({ turns: [], sends: [] })
    await sql(database.fork(), "update message set created_at = now() - interval '5 seconds'")
    expect(await sweep(database, () => false)).toMatchObject({ turns: [id], sends: [id] })
  })
})
