import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastPlatform } from './platform.ts'

/** Where the program takes Telegram's updates. */
export interface Target {
  url: string
  secret: string
}

/** What came of one load, in milliseconds; `refused` are answers other than 200. */
export interface Outcome {
  answers: number[]
  replies: number[]
  refused: number
  /** Seconds from the first message to the last answer. */
  took: number
}

let update = 1

/**
 * Sends `rate` messages a second for `seconds`, each from the next of `people` chats in turn, whether or not the ones before were answered.
 * With a platform, also waits for the first reply to each.
 */
export async function sendSteadily(
  target: Target,
  { rate, seconds, people, first }: { rate: number; seconds: number; people: number; first: number },
  platform?: FastPlatform,
): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 })
  const outcome: Outcome = { answers: [], replies: [], refused: 0, took: 0 }
  const began = performance.now()
  const under: Promise<void>[] = []
  for (let n = 0; n < rate * seconds; n++) {
    const due = began + (n * 1000) / rate
    const wait = due - performance.now()
    if (wait > 1) await pause(wait)
    const chat = first + (n % people)
    under.push(sendOne(agent, target, chat, outcome, platform))
  }
  await Promise.all(under)
  outcome.took = (performance.now() - began) / 1000
  agent.destroy()
  return outcome
}

async function sendOne(
  agent: Agent,
  target: Target,
  chat: number,
  outcome: Outcome,
  platform?: FastPlatform,
): Promise<void> {
  const reply = platform?.nextTo(chat)
  const began = performance.now()
  const status = await post(agent, target, startOf(chat))
  if (status !== 200) {
    outcome.refused += 1
    return
  }
  outcome.answers.push(performance.now() - began)
  if (reply) outcome.replies.push((await reply) - began)
}

/** `/start` is answered at once: no burst is waited for. */
function startOf(chat: number): string {
  const from = { id: chat, is_bot: false, first_name: 'Vecina', language_code: 'es' }
  const message = {
    message_id: update,
    date: 1_795_000_000,
    chat: { id: chat, type: 'private', first_name: 'Vecina' },
    from,
    text: '/start',
    entities: [{ type: 'bot_command', offset: 0, length: 6 }],
  }
  return JSON.stringify({ update_id: update++, message })
}

function post(agent: Agent, { url, secret }: Target, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    })
    call.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    call.on('error', reject)
    call.end(body)
  })
}
