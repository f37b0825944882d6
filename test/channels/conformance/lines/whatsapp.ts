import { proto } from '@whiskeysockets/baileys'
import { z } from 'zod'
import type { InboundMessage } from '../../../../src/channels/message.ts'
import { splitMessage } from '../../../../src/channels/split-message.ts'
import { until } from '../../../../src/runtime/until.ts'
import type { Heard } from '../../../fakes/whatsapp/fake-whatsapp.ts'
import { createNumber, type TestNumber } from '../../whatsapp/number.ts'
import type { FailureKind } from '../kinds.ts'
import { enough, type Line, someFile } from '../line.ts'
import { FILE_KEY } from '../said.ts'

/** The LID's user part of who writes. */
const CITIZEN = '7001'

const payload = z.union([
  z.object({
    message: z.record(z.string(), z.unknown()),
    manner: z.object({
      id: z.string(),
      name: z.string().optional(),
      at: z.number().optional(),
      secondsAgo: z.number().optional(),
      byNumber: z.boolean().optional(),
      spoiled: z.number().optional(),
    }),
  }),
  z.object({ owner: z.string() }),
  z.object({ receipt: z.object({ id: z.string(), type: z.literal('read').optional() }) }),
])

/** What WhatsApp's server says to a message in each failure: a code, or nothing. */
const WORDS: Partial<Record<FailureKind, string>> = { throttled: '429', refused: '404', unavailable: '479', lost: 'no' }

/** A linked number on a real Baileys socket, against an emulated server that encrypts as WhatsApp does. */
export async function openWhatsapp(): Promise<Line> {
  const closing: (() => Promise<void>)[] = []
  // Long enough for a busy machine, where only one case waits for all of it.
  const number = await createNumber({ timings: { acknowledge: 3_000 } }, (close) => closing.push(close))
  await number.paired()
  number.files.set(FILE_KEY, Buffer.from('bytes'))
  const { server, channel } = number
  let sent = 0
  const send = (text: string) => channel.send(delivery({ text }), enough())
  const delivery = (message: Parameters<Line['say']>[0]) => ({ id: `c${++sent}`, to: `${CITIZEN}@lid`, message })
  return {
    channel,
    stored: async () => number.inbox.filter(isNoMark).map(named),
    receipts: () => [...number.receipts],
    async forget() {
      number.forget()
      number.receipts.length = 0
    },
    async deliver(given) {
      await told(number, payload.parse(given))
      return true
    },
    async say(message) {
      const before = server.heard.length
      for (const part of splitMessage(message, channel.limits)) await channel.send(delivery(part), enough())
      return server.heard.slice(before).map(onTheWire)
    },
    async fail(kind) {
      if (kind === 'expired') return fetchExpired(number)
      server.acknowledge = WORDS[kind] ?? 'yes'
      return send('Hola').finally(() => {
        server.acknowledge = 'yes'
      })
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing.toReversed()) await close()
    },
  }
}

/** Seconds since 1970: what is older than a day is history to the gateway, so cases count back from here. */
const BEGAN = Math.floor(Date.now() / 1000)

/** Written after each payload: messages come in their order, so what it was is known once this came. */
const MARK = 'marca '
const isNoMark = ({ text }: InboundMessage) => !text?.startsWith(MARK)
let marks = 0

async function told({ server, inbox, receipts }: TestNumber, given: z.output<typeof payload>): Promise<void> {
  const noted = receipts.length
  if ('receipt' in given) {
    server.receipt(given.receipt.id, CITIZEN, given.receipt.type)
    await until(() => receipts.length >= noted + 2)
    return
  }
  if ('owner' in given) await server.ownerSays(CITIZEN, given.owner)
  else {
    const { id, name, secondsAgo, byNumber, spoiled } = given.manner
    const at = secondsAgo === undefined ? given.manner.at : BEGAN - secondsAgo
    await server.says(CITIZEN, proto.Message.fromObject(given.message), {
      id,
      ...(name && { name }),
      ...(at && { at }),
      ...(byNumber && { byNumber }),
      ...(spoiled && { spoiled }),
    })
    // The telephone repeats what could not be read.
    if (spoiled) await until(() => inbox.some(({ providerId }) => providerId === id))
  }
  const mark = `${MARK}${++marks}`
  await server.says(CITIZEN, mark)
  await until(() => inbox.some(({ text }) => text === mark))
}

/** References of files as the cases name them. */
function named(message: InboundMessage): InboundMessage {
  const media = message.media?.map((file) => {
    const { type, path } = JSON.parse(file.ref)
    return { ...file, ref: `${type} ${path}` }
  })
  return { ...message, ...(media && { media }) }
}

/** A file that neither WhatsApp nor the telephone has any longer. */
async function fetchExpired(number: TestNumber): Promise<unknown> {
  number.server.telephonesKeepFiles = false
  await number.server.sendsFile(CITIZEN, 'image', Buffer.from('bytes'))
  const media = await until(() => number.inbox.flatMap((message) => message.media ?? []).at(-1))
  number.server.files.expire()
  return number.channel.fetchMedia?.(media ?? someFile(''), enough())
}

/** As the citizen's telephone decrypted it; keys and addresses of files are new each time. */
function onTheWire({ to, message, file }: Heard): unknown {
  const { messageContextInfo: _context, ...content } = proto.Message.toObject(message, { enums: String, bytes: String })
  const shown = Object.entries(content).map(([name, part]) => [name, shownPart(part)])
  return { to, message: Object.fromEntries(shown), ...(file && { file: file.toString() }) }
}

const SHOWN = ['text', 'caption', 'mimetype', 'fileName', 'title', 'ptt', 'previewType']

function shownPart(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(Object.entries(part).filter(([name]) => SHOWN.includes(name)))
}
