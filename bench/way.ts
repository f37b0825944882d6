import { pino } from 'pino'
import type { AnyChannel, ChannelLimits } from '../src/channels/channel.ts'
import type { InboundMessage } from '../src/channels/message.ts'
import { type House, openHouse } from '../src/house.ts'
import { type Environment, readEnvironment } from '../src/runtime/env.ts'
import { sql } from '../src/runtime/sql.ts'
import { turnParts } from '../src/turn-parts.ts'
import { handleInbound } from '../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../src/workflow/mensajes/inbox.ts'
import { sendPending } from '../src/workflow/mensajes/send-message.ts'
import { createStoreOutbound } from '../src/workflow/mensajes/store-outbound.ts'
import { inParallel } from './in-parallel.ts'

/** As many at the same time as the pipeline of one process has; saves and sends as many as its pool has connections. */
export const AT_ONCE = { save: 12, turn: 6, send: 12 }

/** The steps of a message's way that the database pays for. */
export type Stage = keyof typeof AT_ONCE

/** A channel of the bench's own. */
export const ACCOUNT = { channel: 'bench', account: 'default' }

/** The way of a message without queues or HTTP: each step for all that waits for it. */
export interface Way {
  save(said: readonly InboundMessage[]): Promise<void>
  turn(): Promise<number>
  send(): Promise<number>
}

const LIMITS: ChannelLimits = {
  text: 4096,
  caption: 1024,
  options: { max: 12, title: 64 },
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: false,
}

/** A platform that takes everything at once: what is left is ours and PostgreSQL's. */
const INSTANT: AnyChannel = {
  name: ACCOUNT.channel,
  account: ACCOUNT.account,
  limits: LIMITS,
  send: async ({ id }) => ({ providerId: id }),
}

const log = pino({ level: 'silent' })

/** Opens the program on a database, for as long as `use` takes. */
export async function onWay<T>(folder: string, url: string, use: (way: Way) => Promise<T>): Promise<T> {
  const env = readEnvironment({ DATABASE_URL: url, DATA_DIR: `${folder}/var`, SECRET_KEY: 'x'.repeat(40) }, 'none.env')
  const house = await openHouse(env, log)
  try {
    return await use(wayOf(env, house))
  } finally {
    await house.close()
  }
}

function wayOf(env: Environment, house: House): Way {
  const { database } = house
  const parts = turnParts(
    env,
    house,
    { enviar: createStoreOutbound(() => LIMITS), limitsOf: () => LIMITS },
    () => new Date(),
  )
  parts.learn()
  const turnDeps = { ...parts, database, log, limitsOf: () => LIMITS, committed: () => undefined }
  const sendDeps = {
    database,
    log,
    channelOf: () => INSTANT,
    rateOf: () => 0,
    later: async () => undefined,
    sent: () => undefined,
    underway: new Set<number>(),
  }
  const save = createSaveInbound(database, () => undefined)
  const waiting = async (status: string) => {
    const text = 'select distinct conversation_id as id from message where status = $1 order by 1'
    return (await sql<{ id: number }>(database.fork(), text, [status])).map(({ id }) => id)
  }
  return {
    save: (said) => inParallel(said, AT_ONCE.save, async (message) => void (await save([message]))),
    async turn() {
      const ids = await waiting('received')
      await inParallel(ids, AT_ONCE.turn, async (id) => void (await handleInbound(turnDeps, id)))
      return ids.length
    },
    async send() {
      const ids = await waiting('pending')
      await inParallel(ids, AT_ONCE.send, async (id) => void (await sendPending(sendDeps, id, ACCOUNT)))
      return ids.length
    },
  }
}
