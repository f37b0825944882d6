import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { createEar, createPen, deliver, type Line, type Saying } from './line.ts'
import { createNotebook } from './notebook.ts'
import type { Lines } from './telegram-line.ts'

const granted = z.object({ conversationId: z.string(), token: z.string() })

const activity = z.object({
  id: z.string(),
  text: z.string().optional(),
  from: z.object({ role: z.string() }),
  suggestedActions: z.object({ actions: z.array(z.object({ value: z.string(), text: z.string() })) }).optional(),
})
const activitySet = z.object({ activities: z.array(activity), watermark: z.string() })

/** What a web chat's client read, step by step. */
export interface Reading {
  conversationId: string
  /** Ids of activities in the order in which they were read. */
  ids: string[]
  /** Reads what is new. */
  readOn(): Promise<void>
}

/** A web chat by Direct Line's polling, with an address of its own behind the load balancer. */
export async function webLine(citizen: number, lines: Lines): Promise<{ line: Line; reading: Reading }> {
  const { notebook, copier, signal, front } = lines
  const headers: Record<string, string> = {
    'x-forwarded-for': `10.${(citizen >> 16) & 255}.${(citizen >> 8) & 255}.${citizen & 255}`,
    'x-forwarded-proto': 'https',
  }
  const url = `${front}/v3/directline`
  const grant = await deliver({ url: `${url}/tokens/generate`, headers, body: {} }, createNotebook(), signal)
  const { conversationId, token } = granted.parse(await grant.json())
  headers.authorization = `Bearer ${token}`
  const activities = `${url}/conversations/${conversationId}/activities`
  const ear = createEar()
  const note = createPen(notebook, { channel: 'web-chat', account: 'default', address: conversationId })
  const reading = createReading(conversationId, activities, headers, signal, (one) => {
    const options = one.suggestedActions?.actions.map(({ value, text }) => ({ id: value, label: text })) ?? []
    if (one.from.role === 'bot') ear.add({ text: one.text ?? '', options, words: [] })
  })
  const line: Line = {
    async hear(patience) {
      const end = performance.now() + patience
      for (;;) {
        const heard = await ear.hear(0)
        if (heard || performance.now() > end) return heard
        await reading.readOn()
        await pause(60)
      }
    },
    async say(saying, nature = 'plain') {
      const name = randomUUID()
      const noted = note(`${conversationId}/${name}`, nature)
      const body = {
        type: 'message',
        from: { id: 'citizen' },
        ...activityOf(saying),
        channelData: { clientActivityID: name },
      }
      const post = { url: activities, headers, body }
      copier.copy(post, nature === 'confirm')
      await deliver(post, notebook, signal)
      noted.acknowledged = Date.now()
      return undefined
    },
  }
  return { line, reading }
}

function activityOf(saying: Saying) {
  if ('text' in saying) return { text: saying.text }
  if ('press' in saying) return { text: saying.press.label, value: saying.press.id }
  throw new Error('files come by upload, which this client does not do')
}

function createReading(
  conversationId: string,
  activities: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  take: (one: z.infer<typeof activity>) => void,
): Reading {
  const ids: string[] = []
  let watermark = ''
  return {
    conversationId,
    ids,
    async readOn() {
      const response = await fetch(`${activities}?watermark=${watermark}`, {
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
      }).catch(() => undefined)
      if (!response?.ok) return void (await response?.body?.cancel())
      const page = activitySet.parse(await response.json())
      watermark = page.watermark
      for (const one of page.activities) {
        ids.push(one.id)
        take(one)
      }
    },
  }
}
