import { setTimeout as pause } from 'node:timers/promises'
import type { Nature, Note, Notebook } from './notebook.ts'
import type { Heard } from './platform.ts'

/** What a citizen does. */
export type Saying = { text: string } | { press: { id: string; label: string } } | { file: string }

/** A citizen's end of a conversation with the bot. */
export interface Line {
  /** Resolves when the platform has its acknowledgement, with the address of the process that gave it, where known. */
  say(saying: Saying, nature?: Nature): Promise<string | undefined>
  /** The next answer not yet heard, or undefined when none comes for so many milliseconds. */
  hear(patience: number): Promise<Heard | undefined>
}

/** Notes each saying before it is delivered, and the moment of its acknowledgement. */
export function createPen(notebook: Notebook, who: Pick<Note, 'channel' | 'account' | 'address'>) {
  let index = 0
  return (externalId: string, nature: Nature): Note => {
    const note: Note = { ...who, externalId, index: index++, nature }
    notebook.notes.push(note)
    return note
  }
}

/** What was heard and not yet taken, in order. */
export function createEar() {
  const heard: Heard[] = []
  let waiting: (() => void) | undefined
  return {
    add(one: Heard) {
      heard.push(one)
      waiting?.()
    },
    async hear(patience: number): Promise<Heard | undefined> {
      if (heard.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        waiting = resolve
        const timer = setTimeout(resolve, patience)
        await promise
        clearTimeout(timer)
      }
      return heard.shift()
    },
  }
}

/** A POST as it is to be made, again and again. */
export interface Post {
  url: string
  headers: Record<string, string>
  body: unknown
}

/** Posts until a 200 comes, as platforms do; @returns the answer's headers. */
export async function deliver(post: Post, notebook: Notebook, signal: AbortSignal): Promise<Response> {
  for (let wait = 40; ; wait = Math.min(wait * 2, 1_000)) {
    const began = performance.now()
    const response = await postOnce(post, notebook, signal)
    if (response?.ok) {
      notebook.latencies.push(performance.now() - began)
      return response
    }
    signal.throwIfAborted()
    await pause(wait, undefined, { signal })
  }
}

/** One delivery; undefined when no answer came. The body is read. */
export async function postOnce(
  { url, headers, body }: Post,
  notebook: Notebook,
  signal: AbortSignal,
): Promise<Response | undefined> {
  notebook.deliveries += 1
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    })
    const whole = new Response(await response.arrayBuffer(), response)
    if (!whole.ok) notebook.refused += 1
    return whole
  } catch {
    // Whoever should have answered died.
    notebook.refused += 1
    return undefined
  }
}
