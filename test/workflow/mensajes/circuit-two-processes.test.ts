import { expect, it, onTestFinished } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { until } from '../../../src/runtime/until.ts'
import { accountsInTrouble } from '../../../src/workflow/mensajes/account-state.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import { sweep } from '../../../src/workflow/sweep.ts'
import { createTelegramBots } from '../../fakes/telegram-bots.ts'
import type { FakeTelegram } from '../../fakes/telegram-server.ts'
import { emptyTown, startProcess } from '../accounts-fixture.ts'
import { notingChannel, said } from '../way-fixture.ts'

const CHATS = [5_550_001, 5_550_002, 5_550_003, 5_550_004, 5_550_005]
const TEXTS = ['uno', 'dos', 'tres']
const YAML = `
telegram:
  - account: dos
    token: "4343:the-second"
`

it('a token that is revoked half-way stops one bot in all processes; given back, all goes on in order, once', {
  timeout: 60_000,
}, async () => {
  const fake = await createTelegramBots('4242:the-first', '4343:the-second')
  onTestFinished(fake.close)
  const url = await emptyTown()
  const variables = { TELEGRAM_API_ROOT: fake.url, TELEGRAM_BOT_TOKEN: '4242:the-first', SEND_RATE: '0' }
  const settings = { variables, yaml: YAML }
  const processes = [await startProcess(url, settings), await startProcess(url, settings)]
  const [one] = processes
  const [first, second] = fake.bots
  if (!one || !first || !second) throw new Error('there are processes, and two bots')
  const { database } = one
  for (const bot of fake.bots) for (const chat of CHATS) bot.openChat(chat)
  await createSaveInbound(
    database,
    () => undefined,
  )(
    ['default', 'dos'].flatMap((account) =>
      CHATS.map((chat) => said(String(chat), 'hola', { channel: 'telegram', account })),
    ),
  )
  await sql(database.fork(), "update message set status = 'handled'")
  const store = createStoreOutbound(() => notingChannel().channel.limits)
  for (const { id } of await sql<{ id: number }>(database.fork(), 'select id from conversation')) {
    await database.fork().transactional((em) =>
      store(
        em,
        id,
        TEXTS.map((text) => ({ text })),
      ),
    )
  }
  const swept = async () => {
    await sql(database.fork(), "update message set created_at = now() - interval '1 minute'")
    await sql(database.fork(), "update message set due_at = now() - interval '1 minute' where due_at is not null")
    const { sends } = await sweep(database, () => false)
    for (const { pipeline } of processes) for (const id of sends) pipeline.wakeSend(id)
  }
  const isPaused = async () =>
    (
      await sqlOne<{ at: Date | null }>(
        database.fork(),
        "select paused_at as at from channel_state where account = 'default'",
      )
    )?.at != null
  const refused = () => first.calls.filter(({ answered }) => answered === 401).length

  first.misbehaveBy(({ method }) =>
    method === 'sendMessage' && first.sent().length >= 4 ? { status: 401, description: 'Unauthorized' } : undefined,
  )
  await swept()
  await until(() => second.sent().length === CHATS.length * TEXTS.length)
  await until(isPaused)
  await Promise.all(processes.map(({ channels }) => accountsInTrouble(database.fork(), channels))).then((lists) => {
    for (const list of lists)
      expect(list.map(({ account, trouble }) => [account, trouble.code])).toEqual([['default', 'token-refused']])
  })
  // However slow this machine is, no try whether it works again is due while we count.
  const state = await sqlOne<{ probes: number }>(
    database.fork(),
    "update channel_state set probe_at = now() + interval '1 hour' where account = 'default' returning probes",
  )
  const tried = refused()
  expect(tried).toBeLessThanOrEqual(CHATS.length + (state?.probes ?? 0))
  await swept()
  await swept()
  expect(refused()).toBe(tried)

  first.misbehaveBy(undefined)
  await sql(database.fork(), 'update channel_state set probe_at = now() where paused_at is not null')
  await swept()
  await until(async () => !(await isPaused()))
  await until(async () => {
    await swept()
    return first.sent().length === CHATS.length * TEXTS.length
  })
  for (const bot of [first, second]) for (const chat of CHATS) expect(textsTo(bot, chat)).toEqual(TEXTS)
  // What the bot has heard is noted a moment later.
  await expect
    .poll(() => sql(database.fork(), "select status from message where direction = 'out' group by 1"), {
      timeout: 20_000,
    })
    .toEqual([{ status: 'sent' }])
})

const textsTo = (bot: FakeTelegram, chat: number) => bot.sent(chat).map(({ payload }) => payload.text)
