import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { spread } from '../test/faults/recovery.ts'
import { startBenchPlatform } from './platform.ts'
import { type Doing, LENGTH, scriptOf } from './script.ts'

// The load generator and the platform, in a process of their own. Told by its parent what to do, tells what it saw.

/** One load: so many messages a second for so long, whatever is answered. */
export interface Load {
  webhook: string
  secret: string
  rate: number
  seconds: number
  /** Chats are numbered from here. */
  firstChat: number
}

/** What came of it; times in milliseconds. */
export interface LoadResult {
  said: number
  acknowledged: number
  answers: ReturnType<typeof spread>
  replies: ReturnType<typeof spread>
  /** How late the generator itself was, at worst. */
  late: number
  /** Milliseconds that the posts took in all. */
  took: number
}

/** Seconds between two messages of one citizen. */
const PAUSE = 1

const agent = new Agent({ keepAlive: true, maxSockets: 128 })
const waiting = new Map<number, number[]>()
let replies: number[] = []
let nextUpdate = 1

const platform = await startBenchPlatform((chat) => {
  const since = waiting.get(chat)?.shift()
  if (since !== undefined) replies.push(performance.now() - since)
})
process.send?.({ platform: platform.url })
process.on('message', async (load: Load) => process.send?.({ result: await run(load) }))
process.on('disconnect', () => process.exit())

async function run({ webhook, secret, rate, seconds, firstChat }: Load): Promise<LoadResult> {
  const total = rate * seconds
  const talking = rate * PAUSE
  const answers: number[] = []
  const posts: Promise<void>[] = []
  const began = performance.now()
  let late = 0
  let acknowledged = 0
  replies = []
  for (let said = 0; said < total; said++) {
    const due = began + (said * 1000) / rate
    const early = due - performance.now()
    if (early > 1) await pause(early)
    else late = Math.max(late, -early)
    const { chat, doing } = turnOf(said, talking, firstChat)
    const since = performance.now()
    waiting.set(chat, [...(waiting.get(chat) ?? []), since])
    const post = deliver(webhook, secret, updateOf(doing, chat)).then((status) => {
      answers.push(performance.now() - since)
      if (status === 200) acknowledged += 1
    })
    posts.push(post)
  }
  await Promise.all(posts)
  const took = performance.now() - began
  // Answers that are still on their way belong to this load too.
  const end = performance.now() + 5_000
  while (replies.length < total && performance.now() < end) await pause(50)
  return { said: total, acknowledged, answers: spread(answers), replies: spread(replies), late, took }
}

/**
 * Who says what as the n-th message: so many talk at the same time, each at another place of the script, and whoever ends is
 * followed by somebody new. The first ones leave before the end, by as much as they were to be ahead of the others.
 */
function turnOf(said: number, talking: number, firstChat: number): { chat: number; doing: Doing } {
  const seat = said % talking
  const round = Math.floor(said / talking)
  const place = round + (seat % LENGTH)
  const chat = firstChat + seat + talking * Math.floor(place / LENGTH)
  const doing = scriptOf(chat)[place < LENGTH ? round : place % LENGTH]
  if (!doing) throw new Error('the script is empty')
  return { chat, doing }
}

function deliver(webhook: string, secret: string, update: object): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
  const post = request(webhook, { method: 'POST', headers, agent }, (response) => {
    response.resume()
    response.once('end', () => resolve(response.statusCode ?? 0))
  })
  post.once('error', () => resolve(0))
  post.end(JSON.stringify(update))
  return promise
}

function updateOf(doing: Doing, chat: number): object {
  const id = nextUpdate++
  const person = { id: chat, is_bot: false, first_name: `Vecina ${chat}`, language_code: 'es' }
  const base = { message_id: id, chat: { id: chat, type: 'private' }, date: Math.floor(Date.now() / 1000) }
  if ('text' in doing) return { update_id: id, message: { ...base, from: person, text: doing.text } }
  const press = { id: `${chat}-${id}`, from: person, message: base, chat_instance: '1', data: doing.press }
  return { update_id: id, callback_query: press }
}
