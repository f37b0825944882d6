import { describe, expect, it } from 'vitest'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { handleInbound } from '../../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { sendPending } from '../../../src/workflow/mensajes/send-message.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import {
  echo,
  messages,
  notingChannel,
  onlyConversation,
  said,
  sendDeps,
  testDatabase,
  turnDeps,
} from '../way-fixture.ts'

const HOUR = 3_600_000
const WINDOW = 24 * HOUR
const ACCOUNT = { channel: 'test', account: 'default' }

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds)

/** A conversation with a citizen who wrote so long ago, on a channel with a window. */
async function heard(milliseconds: number, answer?: Parameters<typeof notingChannel>[1]) {
  const database = await testDatabase()
  const save = createSaveInbound(database, () => undefined)
  const limits = { windowMs: WINDOW }
  const { deps, results } = turnDeps(database, echo, limits)
  const { channel, sent } = notingChannel(limits, answer)
  const sending = sendDeps(database, channel).deps
  await save([said('ana', 'hola', { sentAt: ago(milliseconds) })])
  const id = await onlyConversation(database)
  await handleInbound(deps, id)
  const store = createStoreOutbound(() => channel.limits)
  return {
    database,
    channel,
    sent,
    results,
    send: () => sendPending(sending, id, ACCOUNT),
    notice: (...texts: string[]) =>
      database.fork().transactional((em) =>
        store(
          em,
          id,
          texts.map((text) => ({ text })),
        ),
      ),
    async hear(...messages: Parameters<typeof save>[0]) {
      await save(messages)
      await handleInbound(deps, id)
    },
    statuses: async () => (await messages(database)).map(({ text, status }) => [text, status]),
  }
}

describe('the window of a platform', () => {
  it('is open for as long as it says since the citizen wrote', async () => {
    const open = await heard(WINDOW - 60_000)
    await open.send()
    expect(open.sent.map(({ text }) => text)).toEqual(['eco: hola'])
  })

  it('is measured from when the citizen wrote, not from when we heard of it', async () => {
    const late = await heard(WINDOW + 60_000)
    await late.send()
    expect(late.sent).toEqual([])
    expect(await late.statuses()).toEqual([
      ['hola', 'handled'],
      ['eco: hola', 'waiting_window'],
    ])
  })

  it('is not believed to be open by a clock that is ahead of ours', async () => {
    const { database } = await heard(-48 * HOUR)
    const [row] = await sql<{ ahead: boolean }>(
      database.fork(),
      'select last_inbound_at > clock_timestamp() as ahead from conversation',
    )
    expect(row?.ahead).toBe(false)
  })

  it('opens with the next message: what waited goes first and in its order, then the answer', async () => {
    const closed = await heard(WINDOW + HOUR)
    await closed.notice('aviso 1', 'aviso 2')
    await closed.send()
    expect(closed.sent).toEqual([])
    await closed.hear(said('ana', 'gracias', { sentAt: new Date() }))
    expect(closed.results.at(-1)?.replies).toBe(4)
    await closed.send()
    expect(closed.sent.map(({ text }) => text)).toEqual(['eco: hola', 'aviso 1', 'aviso 2', 'eco: gracias'])
  })

  it('does not open because the citizen took a message back or blocked us', async () => {
    const closed = await heard(WINDOW + HOUR)
    await closed.send()
    await closed.hear(said('ana', '', { kind: 'delete', sentAt: new Date() }))
    await closed.send()
    expect(closed.sent).toEqual([])
  })

  it('may be closed by the platform’s word, and what waits then goes with the next message', async () => {
    let closed = true
    const open = await heard(HOUR, () => {
      if (closed) throw new SendError('outside_window', 'Meta answered 10', { retryable: false })
      return {}
    })
    await open.send()
    expect(await open.statuses()).toContainEqual(['eco: hola', 'waiting_window'])
    closed = false
    await open.hear(said('ana', 'otra vez', { sentAt: new Date() }))
    await open.send()
    expect(open.sent.map(({ text }) => text)).toEqual(['eco: hola', 'eco: otra vez'])
  })

  it('may let through what the channel has a way for, though it is closed', async () => {
    const closed = await heard(WINDOW + HOUR)
    const tagged: string[] = []
    closed.channel.outsideWindow = ({ message, byStaff }) =>
      byStaff
        ? async () => {
            tagged.push(message.text ?? '')
            return { providerId: 'm1' }
          }
        : undefined
    await closed.notice('aviso')
    await sql(
      closed.database.fork(),
      "with u as (insert into usuario (email, nombre, password_hash, roles) values ('a@b.mx', 'Laura', 'x', '{validador}') returning id) update message set usuario_id = u.id from u where body->>'text' = 'aviso'",
    )
    await closed.send()
    expect([tagged, closed.sent]).toEqual([['aviso'], []])
    expect(await closed.statuses()).toEqual([
      ['hola', 'handled'],
      ['eco: hola', 'waiting_window'],
      ['aviso', 'sent'],
    ])
  })

  it('does not exist where a channel has none', async () => {
    const database = await testDatabase()
    await createSaveInbound(database, () => undefined)([said('ana', 'hola', { sentAt: ago(100 * WINDOW) })])
    const { deps } = turnDeps(database, echo)
    const id = await onlyConversation(database)
    await handleInbound(deps, id)
    const { channel, sent } = notingChannel()
    await sendPending(sendDeps(database, channel).deps, id, ACCOUNT)
    expect(sent).toHaveLength(1)
  })
})
