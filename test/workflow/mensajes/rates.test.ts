import { expect, it, onTestFinished } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import { createTelegramBots } from '../../fakes/telegram-bots.ts'
import type { FakeTelegram } from '../../fakes/telegram-server.ts'
import { emptyTown, startProcess } from '../accounts-fixture.ts'
import { said } from '../way-fixture.ts'

/** Messages a second that each bot may send here. */
const RATE = 20

/** Two messages that left as they should may be brought together by the network: by so many milliseconds. */
const JITTER = 60

const YAML = `
rates:
  telegram: ${RATE}
telegram:
  - account: dos
    token: "4343:the-second"
`

/** Several processes of one town with two bots, and messages that wait for so many people of each bot. */
async function town(processes: number, people: number) {
  const fake = await createTelegramBots('4242:the-first', '4343:the-second')
  onTestFinished(fake.close)
  const url = await emptyTown()
  const variables = { TELEGRAM_API_ROOT: fake.url, TELEGRAM_BOT_TOKEN: '4242:the-first' }
  const town = await Promise.all(Array.from({ length: processes }, () => startProcess(url, { variables, yaml: YAML })))
  const [{ database } = { database: undefined }] = town
  const [first, second] = fake.bots
  if (!database || !first || !second) throw new Error('there is a process, and there are two bots')
  const chats = Array.from({ length: people }, (_, index) => 5_550_001 + index)
  for (const bot of fake.bots) for (const chat of chats) bot.openChat(chat)
  const save = createSaveInbound(database, () => undefined)
  await save(
    ['default', 'dos'].flatMap((account) =>
      chats.map((chat) => said(String(chat), 'hola', { channel: 'telegram', account })),
    ),
  )
  await sql(database.fork(), "update message set status = 'handled'")
  const store = createStoreOutbound(() => ({ ...LIMITS }))
  const conversations = await sql<{ id: number }>(database.fork(), 'select id from conversation')
  for (const { id } of conversations)
    await database.fork().transactional((em) => store(em, id, [{ text: `aviso ${id}` }]))
  return {
    first,
    second,
    /** Every process is woken for every conversation at once, as after a sweep. */
    wake: () => {
      for (const { pipeline } of town) for (const { id } of conversations) pipeline.wakeSend(id)
    },
    done: () => until(() => [first, second].every((bot) => bot.sent().length === people)),
  }
}

const LIMITS = {
  text: 4096,
  caption: 1024,
  options: { max: 12, title: 64 },
  rate: RATE,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: false,
}

/** Milliseconds on arrival, of all tries. */
const arrivals = (bot: FakeTelegram) => bot.calls.filter(({ method }) => method === 'sendMessage').map(({ at }) => at)

/** The most that arrived in any stretch of so many milliseconds. */
const most = (times: number[], stretch: number) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + stretch).length))

it('several processes together send no faster than each account may, by the platform’s own clock', {
  timeout: 60_000,
}, async () => {
  const people = 30
  const { first, second, wake, done } = await town(3, people)
  wake()
  await done()
  for (const bot of [first, second]) {
    const times = arrivals(bot)
    expect(times).toHaveLength(people)
    expect(new Set(bot.sent().map(({ payload }) => payload.chat_id)).size).toBe(people)
    for (const stretch of [250, 500, 1000]) {
      expect(most(times, stretch)).toBeLessThanOrEqual(Math.ceil(((stretch + JITTER) / 1000) * RATE) + 1)
    }
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(((people - 1) / RATE) * 1000 - JITTER)
  }
})

it('an account that the platform throttles falls silent for as long as it says, and the other one goes on', {
  timeout: 60_000,
}, async () => {
  const people = 30
  const seconds = 1
  const { first, second, wake, done } = await town(2, people)
  first.misbehave('sendMessage', { status: 429, description: 'Too Many Requests', retryAfter: seconds })
  wake()
  await done()
  const [throttled = 0, ...rest] = arrivals(first)
  // What was on its way when the answer came had left already.
  const next = rest.find((at) => at > throttled + 250) ?? 0
  expect(next - throttled).toBeGreaterThanOrEqual(seconds * 1000)
  const meanwhile = arrivals(second).filter((at) => at > throttled && at < throttled + seconds * 1000)
  expect(meanwhile.length).toBeGreaterThan((seconds * RATE) / 2)
  expect(first.sent()).toHaveLength(people)
})
