import { setTimeout as pause } from 'node:timers/promises'
import type { Chaos } from './chaos.ts'
import { chat } from './chatter.ts'
import { createCopier } from './copies.ts'
import type { Line } from './line.ts'
import { conversationKey, type Notebook } from './notebook.ts'
import { type Outcome, petition } from './petitioner.ts'
import type { Bot, Platform } from './platform.ts'
import type { Random } from './random.ts'
import { type Lines, polledLine, watchConfirmed, webhookLine } from './telegram-line.ts'
import { type Reading, webLine } from './web-line.ts'

/** How many write, what, and how fast. */
export interface Crowd {
  messages: number
  /** Conversations at the same time. */
  atOnce: number
  /** Messages a second. */
  rate: number
  /** Messages of one who only chats. */
  length: number
}

/** What became of them. */
export interface Census {
  conversations: number
  outcomes: { key: string; outcome: Outcome }[]
  readings: Reading[]
  copies: number
}

type Way = 'webhook' | 'polled' | 'web'

interface Ground {
  platform: Platform
  lines: Lines
  random: Random
  chaos: Chaos
  confirmed: (id: number) => Promise<void>
  census: Census
}

/**
 * Conversations until so many messages were said and `enough` is true; resolves when all were said and acknowledged, and all
 * copies delivered.
 */
export async function populate(
  crowd: Crowd,
  {
    platform,
    front,
    notebook,
    chaos,
    random,
  }: { platform: Platform; front: string; notebook: Notebook; chaos: Chaos; random: Random },
  enough: () => boolean,
  signal: AbortSignal,
): Promise<Census> {
  const said = new AbortController()
  const copier = createCopier(notebook, random.fork('copies'), signal)
  const ground: Ground = {
    platform,
    lines: { front, notebook, copier, signal },
    random,
    chaos,
    confirmed: watchConfirmed(platform.polled, AbortSignal.any([signal, said.signal])),
    census: { conversations: 0, outcomes: [], readings: [], copies: 0 },
  }
  const pace = createPace(crowd.rate, signal)
  const over = () => signal.aborted || (notebook.notes.length >= crowd.messages && enough())
  const slot = async () => {
    while (!over()) {
      ground.census.conversations += 1
      await live(ground, ground.census.conversations, crowd.length, { pace, over })
    }
  }
  await Promise.all(Array.from({ length: crowd.atOnce }, slot))
  said.abort()
  await copier.settled()
  return { ...ground.census, copies: copier.made }
}

const KINDS: readonly (readonly [number, readonly [Way, 'chat' | 'petition']])[] = [
  [34, ['webhook', 'chat']],
  [22, ['polled', 'chat']],
  [12, ['web', 'chat']],
  [16, ['webhook', 'petition']],
  [5, ['polled', 'petition']],
  [11, ['web', 'petition']],
]

/** When the next may be said, and whether enough was. */
export interface Tempo {
  pace(): Promise<void>
  over(): boolean
}

/** One citizen's conversation, from the first word to the last. */
async function live(ground: Ground, citizen: number, length: number, tempo: Tempo): Promise<void> {
  const random = ground.random.fork(`citizen ${citizen}`)
  const [way, intent] = random.weighted(KINDS)
  const { line, key } = await open(ground, way, citizen)
  if (intent === 'chat') {
    const poison = way !== 'web' && random.chance(0.12) ? random.between(2, length - 2) : undefined
    return chat(line, length, poison, random, tempo)
  }
  const confirming = (servedBy: string | undefined) => {
    if (random.chance(0.15)) ground.chaos.strike(servedBy)
  }
  const petitions = Math.max(1, Math.round(length / 15))
  const outcome = await petition(line, { over: tempo.over, petitions, random, confirming })
  ground.census.outcomes.push({ key, outcome })
}

async function open(
  { platform, lines, confirmed, census }: Ground,
  way: Way,
  citizen: number,
): Promise<{ line: Line; key: string }> {
  if (way === 'web') {
    const { line, reading } = await webLine(citizen, lines)
    census.readings.push(reading)
    return { line, key: conversationKey({ channel: 'web-chat', account: 'default', address: reading.conversationId }) }
  }
  const chat = 100_000 + citizen
  const keyOf = ({ account }: Bot) => conversationKey({ channel: 'telegram', account, address: String(chat) })
  return way === 'webhook'
    ? { line: webhookLine(platform.webhook, chat, lines), key: keyOf(platform.webhook) }
    : { line: polledLine(platform.polled, chat, lines, confirmed), key: keyOf(platform.polled) }
}

/** Lets so many a second through, evenly; who comes late is not made up for by a rush. */
function createPace(rate: number, signal: AbortSignal): () => Promise<void> {
  let next = performance.now()
  return async () => {
    next = Math.max(next + 1000 / rate, performance.now() - 500)
    const wait = next - performance.now()
    if (wait > 0) await pause(wait, undefined, { signal }).catch(() => undefined)
  }
}
