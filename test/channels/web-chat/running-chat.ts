import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pino } from 'pino'
import type { ChannelContext } from '../../../src/channels/channel.ts'
import type { OutboundMessage } from '../../../src/channels/message.ts'
import type { WebChatLimits } from '../../../src/channels/web-chat/options.ts'
import { createTokens } from '../../../src/channels/web-chat/tokens.ts'
import { createWebChat } from '../../../src/channels/web-chat/web-chat.ts'
import type { InboundBody } from '../../../src/conversation/stored-message.ts'
import { createWebChatStore } from '../../../src/conversation/web-chat-store.ts'
import { type Database, openDatabase } from '../../../src/runtime/database.ts'
import { onceDatabaseIsBack } from '../../../src/runtime/database-away.ts'
import { listen, publish } from '../../../src/runtime/events.ts'
import { openFiles } from '../../../src/runtime/files.ts'
import { createHttpServer } from '../../../src/runtime/http.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import type { TestDatabase } from '../../database.ts'

/** What the bot of the tests says to a message. */
export type Bot = (body: Partial<InboundBody>, kind: string) => OutboundMessage[]

/** How the server of a test differs from a real one. */
export interface RunningOptions {
  bot?: Bot
  origins?: string[]
  limits?: Partial<WebChatLimits>
  /** The clock; the machine's by default. */
  now?: () => Date
  files?: ChannelContext['files']
  /** Where the rows are, when not where the events come from. */
  databaseUrl?: string
  /** The connection breaks at every commit. */
  savesNothing?: boolean
}

const unanswered = async () => {
  throw new Error('Connection terminated unexpectedly')
}

export const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })

export const SECRET = 'the-secret-key-of-the-tests-0123456789'

/** A web chat on a real port and a real database, with a small bot in place of the workflow. */
export async function runWebChat(testDatabase: TestDatabase, options: RunningOptions = {}) {
  const database = await openDatabase(options.databaseUrl ?? testDatabase.url, [], log)
  const events = await listen(testDatabase.url, log)
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-web-chat-'))
  const files = options.files ?? (await openFiles(folder, undefined))
  const turns = new Set<Promise<void>>()
  let closing = false
  const saveInbound = createSaveInbound(database, (id) => {
    // What a silent database answers only after the end is nobody's turn any more.
    if (!closing) turns.add(onceDatabaseIsBack(() => takeTurn(database, id, options.bot ?? (() => []))))
  })
  const context: ChannelContext = {
    log,
    files,
    now: options.now ?? (() => new Date()),
    saveInbound: options.savesNothing ? unanswered : saveInbound,
    saveReceipt: async () => undefined,
    cursor: () => ({ read: async () => undefined, write: async () => undefined }),
    withLease: (_name, signal, work) => work(signal),
  }
  const channel = createWebChat(
    {
      secretKey: SECRET,
      origins: options.origins,
      names: { bot: 'Canaliza', staff: 'Atención Ciudadana' },
      page: {
        lang: 'es-MX',
        unidad: 'Unidad de Atención Ciudadana',
        municipio: 'Altamira & <Tampico>',
        avisoUrl: '/aviso',
        contactos: [],
      },
      events,
      publish: (event) => publish(database.fork(), event),
      limits: options.limits,
    },
    context,
    createWebChatStore(database),
  )
  const app = await createHttpServer({ log, trustProxy: false })
  const sockets = new Set<Duplex>()
  app.server.on('upgrade', (_request, socket) => sockets.add(socket))
  await channel.routes?.(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return {
    channel,
    database,
    files,
    folder,
    base: `http://127.0.0.1:${port}`,
    domain: `http://127.0.0.1:${port}/v3/directline`,
    /** Rows of one statement. */
    rows: <Row>(text: string, parameters: unknown[] = []) => sql<Row>(database.fork(), text, parameters),
    /** A token that was issued at a moment of the past. */
    tokenAt: (moment: Date) => createTokens(SECRET, () => moment).issue({ use: 'api', conv: 'a-conversation' }),
    /** Cuts the line of every WebSocket, without a word. */
    cutSockets() {
      for (const socket of sockets) socket.destroy()
    },
    /** Ends a conversation, as nobody but its row knows. */
    async end(address: string) {
      await sql(database.fork(), END, [address])
      await publish(database.fork(), { topic: 'turn', channel: 'web-chat', address })
    },
    /** Says something in a conversation from elsewhere, as a notice or the staff do. */
    say: (address: string, message: OutboundMessage) => sayFromElsewhere(database, address, message),
    async close() {
      closing = true
      await Promise.all(turns)
      await app.close()
      await events.close()
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
}

export type RunningChat = Awaited<ReturnType<typeof runWebChat>>

interface Received {
  id: number
  kind: string
  body: Partial<InboundBody>
}

/** What the workflow does to what came in, in short: numbers it, answers it, tells that it did. */
async function takeTurn(database: Database, conversationId: number, bot: Bot): Promise<void> {
  await database.fork().transactional(async (em) => {
    const [line] = await sql<{ address: string; seq: number }>(em, LOCK, [conversationId])
    if (!line) return
    let { seq } = line
    const received = await sql<Received>(
      em,
      `select id, kind, body from message where conversation_id = $1 and status = 'received' order by id`,
      [conversationId],
    )
    for (const message of received) {
      await sql(em, `update message set status = 'handled', seq = $2, handled_at = now() where id = $1`, [
        message.id,
        ++seq,
      ])
      for (const reply of bot(message.body, message.kind))
        await sql(em, REPLY, [conversationId, ++seq, JSON.stringify(reply)])
    }
    await sql(em, 'update conversation set last_seq = $2 where id = $1', [conversationId, seq])
    await publish(em, { topic: 'turn', channel: 'web-chat', address: line.address })
  })
}

async function sayFromElsewhere(database: Database, address: string, message: OutboundMessage): Promise<number> {
  return database.fork().transactional(async (em) => {
    const [row] = await sql<{ id: number; seq: number }>(
      em,
      `select c.id, c.last_seq as seq from conversation c join address a on a.id = c.address_id where a.external_id = $1 for no key update of c`,
      [address],
    )
    if (!row) throw new Error('there is no such conversation')
    await sql(em, 'update conversation set last_seq = last_seq + 1 where id = $1', [row.id])
    const [stored] = await sql<{ id: number }>(em, `${REPLY} returning id`, [
      row.id,
      row.seq + 1,
      JSON.stringify(message),
    ])
    return stored?.id ?? 0
  })
}

const LOCK = `
select a.external_id as address, c.last_seq as seq from conversation c join address a on a.id = c.address_id
 where c.id = $1 for no key update of c`

const REPLY = `
insert into message (channel, account, direction, conversation_id, seq, kind, body, status)
values ('web-chat', 'default', 'out', $1, $2, 'text', $3, 'pending')`

const END = `
update conversation c set ended_at = now() from address a where a.id = c.address_id and a.external_id = $1`
