import { describe, expect, it } from 'vitest'
import { ALLOWED_UPDATES } from '../../../src/channels/telegram/updates.ts'
import { createTelegramServer } from '../../fakes/telegram-server.ts'
import { type Bot, createBot, databaseAway, eventually, says } from './context.ts'

const textsOf = ({ inbox }: Bot) => inbox.map(({ text }) => text)

const pollsOf = ({ telegram }: Bot) => telegram.calls.filter(({ method }) => method === 'getUpdates')

const health = ({ channel }: Bot): { ok: boolean; code?: string } | undefined => channel.health?.()

describe('polling Telegram', () => {
  it('stores what is written, under the account’s lease, and then moves the offset', async () => {
    await using bot = await createBot()
    bot.telegram.push(says('uno'))
    const last = bot.telegram.push(says('dos'))
    bot.read()
    await eventually(() => textsOf(bot)).toEqual(['uno', 'dos'])
    await eventually(() => bot.telegram.waiting()).toBe(0)
    expect(bot.leases).toEqual(['telegram/default'])
    expect(bot.cursors.get('telegram/default')).toBe(`4242:${last + 1}`)
    expect(pollsOf(bot)[0]?.payload).toEqual({ limit: 100, timeout: 0, allowed_updates: ALLOWED_UPDATES })
    expect(pollsOf(bot)[1]?.payload).toMatchObject({ limit: 100, timeout: 1, offset: last + 1 })
    expect(health(bot)).toMatchObject({ ok: true, code: 'polling' })
  })

  it('confirms nothing before the commit', async () => {
    await using bot = await createBot()
    const release = bot.holdSaves()
    bot.telegram.push(says('uno'))
    bot.read()
    await eventually(() => bot.saves()).toBe(1)
    expect(bot.telegram.waiting()).toBe(1)
    expect(bot.cursors.size).toBe(0)
    release()
    await eventually(() => bot.telegram.waiting()).toBe(0)
    expect(textsOf(bot)).toEqual(['uno'])
  })

  it('asks for the same updates again when they could not be stored', async () => {
    await using bot = await createBot()
    bot.failAllSaves(databaseAway())
    const first = bot.telegram.push(says('uno'))
    bot.read()
    await eventually(() => health(bot), { interval: 1 }).toMatchObject({ ok: false, code: 'database-away' })
    await eventually(() => pollsOf(bot).length).toBeGreaterThanOrEqual(3)
    bot.failAllSaves(undefined)
    await eventually(() => textsOf(bot)).toEqual(['uno'])
    const offsets = pollsOf(bot).map(({ payload }) => payload.offset)
    expect(offsets.slice(0, 3)).toEqual([undefined, undefined, undefined])
    await eventually(() => bot.telegram.confirmed.map(({ updateId }) => updateId)).toEqual([first])
    expect(health(bot)).toMatchObject({ ok: true })
  })

  it('stores an update once though it comes twice', async () => {
    await using bot = await createBot()
    bot.telegram.push(says('uno'))
    // The commit succeeds, the answer to the next poll is lost, and a process without a memory starts again.
    const stop = bot.read()
    await eventually(() => textsOf(bot)).toEqual(['uno'])
    await stop()
    bot.cursors.clear()
    bot.telegram.push(says('dos'))
    bot.read()
    await eventually(() => textsOf(bot)).toEqual(['uno', 'dos'])
  })

  it('begins where it ended', async () => {
    await using bot = await createBot()
    const id = bot.telegram.push(says('uno'))
    const stop = bot.read()
    await eventually(() => textsOf(bot)).toEqual(['uno'])
    await stop()
    const before = pollsOf(bot).length
    bot.read()
    await eventually(() => pollsOf(bot).length).toBeGreaterThan(before)
    expect(pollsOf(bot)[before]?.payload.offset).toBe(id + 1)
  })

  it('does not take the offset of another bot for its own', async () => {
    await using bot = await createBot({}, { firstUpdateId: 1000 })
    bot.cursors.set('telegram/default', '777:1005')
    bot.telegram.push(says('uno'))
    bot.read()
    await eventually(() => textsOf(bot)).toEqual(['uno'])
    expect(bot.cursors.get('telegram/default')).toBe('4242:1001')
  })

  it('follows when the numbers begin anew below the offset', async () => {
    await using bot = await createBot({}, { firstUpdateId: 1000 })
    bot.cursors.set('telegram/default', '4242:900000')
    bot.telegram.push(says('uno'))
    bot.read()
    await eventually(() => bot.telegram.waiting()).toBe(0)
    expect(textsOf(bot)).toEqual(['uno'])
    expect(bot.cursors.get('telegram/default')).toBe('4242:1001')
  })

  it('goes on after what nobody can read or answer', async () => {
    await using bot = await createBot()
    bot.telegram.push({ hologram: 1 })
    bot.telegram.push({ message: { text: 7 } })
    bot.telegram.push({ channel_post: { chat: { id: -100, type: 'channel' }, text: 'Aviso' } })
    bot.telegram.push({ message: { ...says('x').message, photo: 'none', text: 7 } })
    bot.telegram.push(says('dos'))
    bot.read()
    await eventually(() => bot.telegram.waiting()).toBe(0)
    expect(bot.inbox.map(({ kind }) => kind)).toEqual(['unsupported', 'text'])
    expect(bot.logged().match(/an update was ignored/g)).toHaveLength(3)
  })

  it('reads what waits in batches of a hundred, in order', async () => {
    await using bot = await createBot()
    const all = Array.from({ length: 250 }, (_, index) => String(index))
    for (const text of all) bot.telegram.push(says(text, 1 + (Number(text) % 9)))
    bot.read()
    await eventually(() => textsOf(bot)).toEqual(all)
  })

  it('counts what came and what Telegram skipped', async () => {
    const counts = { received: 0, missing: 0 }
    const counted = (count: typeof counts) => {
      counts.received += count.received
      counts.missing += count.missing
    }
    await using bot = await createBot({ counted }, { firstUpdateId: 1000 })
    bot.telegram.push(says('uno'))
    bot.telegram.push({ ...says('cuatro'), update_id: 1003 })
    bot.read()
    await eventually(() => counts).toEqual({ received: 2, missing: 2 })
    bot.telegram.push({ ...says('seis'), update_id: 1005 })
    await eventually(() => counts).toEqual({ received: 3, missing: 3 })
    bot.telegram.push({ ...says('mucho después'), update_id: 900_000 })
    await eventually(() => counts).toEqual({ received: 4, missing: 3 })
  })

  it('removes a webhook without losing what it had not delivered', async () => {
    await using bot = await createBot()
    await fetch(`${bot.telegram.url}/bot${bot.telegram.token}/setWebhook?url=http://127.0.0.1:9/nowhere`)
    bot.telegram.push(says('uno'))
    bot.read()
    await eventually(() => textsOf(bot)).toEqual(['uno'])
    expect(bot.telegram.webhook()).toBeUndefined()
  })

  it('stops at once, though Telegram holds its question', async () => {
    await using bot = await createBot({}, { timings: { longPoll: 3600 } })
    const stop = bot.read()
    await eventually(() => pollsOf(bot)[1]?.payload.timeout).toBe(3600)
    await stop()
    const after = pollsOf(bot).length
    bot.telegram.push(says('uno'))
    expect(pollsOf(bot)).toHaveLength(after)
    expect(bot.inbox).toEqual([])
    expect(health(bot)).toMatchObject({ code: 'idle' })
  })

  it('finishes storing what it holds before it stops', async () => {
    await using bot = await createBot()
    const release = bot.holdSaves()
    const id = bot.telegram.push(says('uno'))
    const stop = bot.read()
    await eventually(() => bot.saves()).toBe(1)
    const stopped = stop()
    release()
    await stopped
    expect(textsOf(bot)).toEqual(['uno'])
    expect(bot.cursors.get('telegram/default')).toBe(`4242:${id + 1}`)
  })

  it('does not hammer a server that answers at once with nothing', async () => {
    await using bot = await createBot({}, { timings: { longPoll: 0, emptyPoll: 60_000 } })
    bot.read()
    // The first, which is not meant to be held, and the one after it.
    await eventually(() => pollsOf(bot)[1]?.answered).toBe(200)
    await new Promise((resolve) => setImmediate(resolve))
    expect(pollsOf(bot)).toHaveLength(2)
  })
})

describe('polling Telegram with something wrong', () => {
  it('knows that all is well again without waiting for a message', async () => {
    await using bot = await createBot({}, { timings: { longPoll: 3600 } })
    bot.telegram.misbehave('getUpdates', { status: 500 }, { status: 500 })
    bot.read()
    await eventually(() => health(bot)).toMatchObject({ ok: true, code: 'polling' })
  })

  const troubles = [
    { label: 'a refused token', way: { status: 401, description: 'Unauthorized' }, code: 'token-refused', ok: false },
    { label: 'a failing platform', way: { status: 502 }, code: 'unreachable', ok: false },
    { label: 'a lost connection', way: 'refuse' as const, code: 'unreachable', ok: false },
    { label: 'a rate limit', way: { status: 429, retryAfter: 0.01 }, code: 'throttled', ok: true },
    {
      label: 'another program that polls',
      way: { status: 409, description: 'Conflict: terminated by other getUpdates request' },
      code: 'another-poller',
      ok: false,
    },
    {
      label: 'a webhook set meanwhile',
      way: { status: 409, description: "Conflict: can't use getUpdates method while webhook is active" },
      code: 'webhook-set',
      ok: false,
    },
  ]

  it.each(troubles)('says so and goes on after $label', async ({ way, code, ok }) => {
    await using bot = await createBot()
    bot.telegram.misbehaveBy(({ method }) => (method === 'getUpdates' ? way : undefined))
    bot.telegram.push(says('uno'))
    bot.read()
    await eventually(() => health(bot)).toMatchObject({ code, ok })
    bot.telegram.misbehaveBy(undefined)
    await eventually(() => textsOf(bot)).toEqual(['uno'])
    expect(bot.logged()).not.toContain(bot.telegram.token)
  })

  it('waits as long as a 429 demands', async () => {
    await using bot = await createBot()
    bot.telegram.misbehave('getUpdates', { status: 429, retryAfter: 0.25 })
    bot.read()
    await eventually(() => pollsOf(bot).length).toBeGreaterThanOrEqual(2)
    const [first, second] = pollsOf(bot)
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(245)
  })

  it('takes the bot back from a webhook that was set while it polled', async () => {
    await using bot = await createBot()
    bot.read()
    await eventually(() => pollsOf(bot).length).toBeGreaterThan(0)
    await fetch(`${bot.telegram.url}/bot${bot.telegram.token}/setWebhook?url=http://127.0.0.1:9/nowhere`)
    bot.telegram.push(says('uno'))
    await eventually(() => textsOf(bot)).toEqual(['uno'])
  })

  it('comes back when Telegram does', async () => {
    const bot = await createBot()
    const { port } = new URL(bot.telegram.url)
    const stop = bot.read()
    await eventually(() => pollsOf(bot).length).toBeGreaterThan(0)
    await bot.telegram.close()
    await eventually(() => health(bot)?.ok).toBe(false)
    const back = await createTelegramServer({ port: Number(port) })
    back.push(says('uno'))
    await eventually(() => textsOf(bot)).toEqual(['uno'])
    await stop()
    await back.close()
  })

  it('takes part again when the lease was lost, and when it could not be had', async () => {
    await using bot = await createBot()
    const { withLease } = bot.context
    let turn = 0
    bot.context.withLease = async (name, signal, work) => {
      turn += 1
      if (turn === 1) throw databaseAway()
      if (turn === 2) return work(AbortSignal.any([signal, AbortSignal.timeout(20)]))
      return withLease(name, signal, work)
    }
    bot.read()
    await eventually(() => turn).toBe(3)
    bot.telegram.push(says('uno'))
    await eventually(() => textsOf(bot)).toEqual(['uno'])
  })
})
