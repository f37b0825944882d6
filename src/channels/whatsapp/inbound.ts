import type { AuthenticationCreds, WAMessage } from '@whiskeysockets/baileys'
import { isDatabaseAway } from '../../runtime/database-away.ts'
import type { InboundMessage } from '../message.ts'
import { rest } from '../pauses.ts'
import { finishArrivals, unfinishedArrivals } from './arrivals.ts'
import { externalIdOf } from './external-id.ts'
import { fromWhatsapp, PLACEHOLDER } from './from-whatsapp.ts'
import type { Line } from './line.ts'
import type { Spool } from './spool.ts'
import { noteMessage } from './status.ts'

/** Takes in what arrives at a number, one batch after another. */
export interface Inbound {
  /** Stores what lies on disk, then what was decrypted and perhaps not stored: before anything new. */
  catchUp(creds: AuthenticationCreds, signal: AbortSignal): Promise<void>
  accept(messages: WAMessage[]): void
  /** Resolves when all that was accepted is stored or on disk; placeholders wait no longer. */
  settle(): Promise<void>
}

/** Messages reach the inbox in the order in which WhatsApp told them; what the database cannot take goes to disk, in order too. */
export function createInbound(line: Line, spool: Spool): Inbound {
  const { context, timings } = line
  const placeholders = new Map<string, { message: InboundMessage; timer: NodeJS.Timeout }>()
  let queue = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const enqueue = (work: () => Promise<void>) => {
    queue = queue
      .then(work)
      .catch((error) => context.log.error({ err: error, account: line.account }, 'messages could not be kept'))
  }

  const drainLater = () => {
    if (timer) return
    timer = setTimeout(() => {
      timer = undefined
      enqueue(async () => {
        if (!(await drain(line, spool))) drainLater()
      })
    }, timings.spool).unref()
  }

  const keep = async (messages: InboundMessage[]): Promise<boolean> => {
    if (messages.length === 0) return true
    if (spool.isEmpty || (await drain(line, spool))) {
      if (await save(line, messages)) return true
    }
    await spool.put(messages)
    drainLater()
    return false
  }

  const hold = (message: InboundMessage) => {
    const key = message.externalId
    const timer = setTimeout(
      () => enqueue(async () => void (placeholders.delete(key) && (await keep([message])))),
      timings.placeholder,
    )
    placeholders.set(key, { message, timer })
  }

  const release = (externalId: string) => {
    const key = externalId + PLACEHOLDER
    clearTimeout(placeholders.get(key)?.timer)
    placeholders.delete(key)
  }

  const take = async (raw: WAMessage[]) => {
    const messages = raw.flatMap((one) => translate(line, one))
    for (const message of messages) if (message.externalId.endsWith(PLACEHOLDER)) hold(message)
    const whole = messages.filter(({ externalId }) => !externalId.endsWith(PLACEHOLDER))
    for (const { externalId } of whole) release(externalId)
    if (!(await keep(whole))) return
    await finish(line, raw)
    if (whole.length > 0) await noteMessage(line.vault).catch(() => undefined)
  }

  return {
    async catchUp(creds, signal) {
      while (!spool.isEmpty && !(await drain(line, spool)) && !signal.aborted) await rest(timings.spool, signal)
      const unfinished = await unfinishedArrivals(line.vault, creds)
      if (unfinished.length > 0)
        context.log.info(
          { account: line.account, messages: unfinished.length },
          'messages of a process that died are stored now',
        )
      await take(unfinished)
    },
    accept: (messages) => enqueue(() => take(messages)),
    async settle() {
      const held = [...placeholders.values()].map(({ message }) => message)
      for (const message of held) release(message.externalId.slice(0, -PLACEHOLDER.length))
      enqueue(async () => void (await keep(held)))
      await queue
    },
  }
}

function translate(line: Line, message: WAMessage): InboundMessage[] {
  const { account, context, timings, ids } = line
  const received = fromWhatsapp(message, { account, now: context.now(), maxAge: timings.maxAge, isOurs: ids.isOurs })
  if ('message' in received) return [received.message]
  context.log.info({ channel: 'whatsapp', account, reason: received.ignored }, 'a message was ignored')
  return []
}

/** False when they could not be stored, for whatever reason. */
async function save({ context, account }: Line, messages: InboundMessage[]): Promise<boolean> {
  try {
    await context.saveInbound(messages)
    return true
  } catch (error) {
    const facts = { err: error, channel: 'whatsapp', account, messages: messages.length }
    context.log.warn(facts, 'messages go to disk, for they could not be stored')
    return false
  }
}

/** Stores what lies on disk, oldest first. False while the database is away. */
async function drain(line: Line, spool: Spool): Promise<boolean> {
  const { context, account } = line
  for (const batch of await spool.batches()) {
    const refused = await saveEach(line, batch.messages)
    if (refused === undefined) return false
    if (refused === 0) await batch.done()
    else {
      context.log.error({ channel: 'whatsapp', account, refused }, 'messages are set aside, for they cannot be stored')
      await batch.setAside()
    }
  }
  return true
}

/** How many cannot be stored though the database is there; undefined when it is not. */
async function saveEach({ context }: Line, messages: InboundMessage[]): Promise<number | undefined> {
  let refused = 0
  for (const message of messages) {
    try {
      await context.saveInbound([message])
    } catch (error) {
      if (isDatabaseAway(error)) return undefined
      refused += 1
    }
  }
  return refused
}

/** They need not be found again after a death. Where this fails they are, and are known to be there already. */
async function finish(line: Line, raw: WAMessage[]): Promise<void> {
  if (raw.length === 0) return
  const ids = raw.map(({ key }) => externalIdOf(key))
  await finishArrivals(line.vault, ids).catch((error) =>
    line.context.log.debug({ err: error, account: line.account }, 'arrivals are finished later'),
  )
}
