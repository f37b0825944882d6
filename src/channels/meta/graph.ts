import { z } from 'zod'
import { noAnswer } from '../no-answer.ts'
import { SendError } from '../send-error.ts'
import { classifyGraphError, graphErrorIn } from './graph-errors.ts'
import { pauseAsked } from './usage.ts'

// Not the error's own words: they tell addresses.
const META = { platform: 'Meta' }

/** Milliseconds for one call, unless who calls has less. */
const CALL_LIMIT = 15_000

/** Where a file may be that Meta names: its content networks, of which there is one per region. */
const MEDIA_HOST = /(^|\.)(fbcdn\.net|fbsbx\.com|cdninstagram\.com|facebook\.com|whatsapp\.net)$/

/** How often an address of a file may lead to another one; each has to be Meta's. */
const REDIRECTS = 3

/** The Graph API with one token: one call, one answer checked by its schema. Every failure is a SendError. */
export interface Graph {
  /** @throws {SendError} */
  get<T>(path: string, answer: z.ZodType<T>, signal: AbortSignal): Promise<T>
  /** `body` is sent as JSON, or as a form when it is one. @throws {SendError} `throttled` without calling while Meta wants rest. */
  post<T>(path: string, body: object, answer: z.ZodType<T>, signal: AbortSignal): Promise<T>
  /** @throws {SendError} */
  delete<T>(path: string, answer: z.ZodType<T>, signal: AbortSignal): Promise<T>
  /** A file by its address, which must be one of Meta's; the token goes along only when `withToken`. @throws {SendError} */
  download(address: string, signal: AbortSignal, options?: { withToken: boolean }): Promise<Response>
}

/** What a client is made of. */
export interface GraphOptions {
  /** `https://graph.facebook.com`, or another one in tests. */
  root: string
  /** `v26.0` */
  version: string
  /** Never logged, and never in an address. */
  token: string
  now(): Date
  /** Told the outcome of each call: undefined when it went well. */
  outcome(error: SendError | undefined): void
}

/** A client of the Graph API for one account. */
export function createGraph({ root, version, token, now, outcome }: GraphOptions): Graph {
  const authorization = { authorization: `Bearer ${token}` }
  let restUntil = 0

  const call = async <T>(request: RequestInit, path: string, answer: z.ZodType<T>, signal: AbortSignal): Promise<T> => {
    const left = restUntil - now().getTime()
    if (left > 0) throw resting(left)
    if (signal.aborted) throw new SendError('timeout', 'There was no time left to call', { retryable: true })
    try {
      const response = await fetch(`${root}/${version}/${path}`, {
        ...request,
        headers: { ...authorization, ...request.headers },
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT)]),
      })
      restUntil = now().getTime() + pauseAsked(response.headers) * 1000
      const result = await read(response, answer)
      outcome(undefined)
      return result
    } catch (error) {
      const known = noAnswer(error, META)
      outcome(known)
      throw known
    }
  }

  return {
    get: (path, answer, signal) => call({ method: 'GET' }, path, answer, signal),
    delete: (path, answer, signal) => call({ method: 'DELETE' }, path, answer, signal),
    post: (path, body, answer, signal) => call({ method: 'POST', ...encoded(body) }, path, answer, signal),
    async download(address, signal, { withToken } = { withToken: false }) {
      let at = address
      for (let hops = 0; hops <= REDIRECTS; hops++) {
        if (!isMedia(at, root)) throw new SendError('invalid', 'The file is not at Meta', { retryable: false })
        const headers = withToken && hops === 0 ? authorization : {}
        const response = await fetch(at, { signal, redirect: 'manual', headers }).catch((error: unknown) => {
          throw noAnswer(error, META)
        })
        if (response.ok) return response
        await response.body?.cancel()
        const next = response.headers.get('location')
        if (response.status >= 400 || next === null) throw downloadFailed(response.status)
        at = URL.parse(next, at)?.href ?? ''
      }
      throw new SendError('invalid', 'The file is sent from one place to the next', { retryable: false })
    },
  }
}

const encoded = (body: object): RequestInit =>
  body instanceof FormData ? { body } : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }

async function read<T>(response: Response, answer: z.ZodType<T>): Promise<T> {
  const text = await response.text()
  const body = parsed(text)
  if (!response.ok) throw classifyGraphError(graphErrorIn(body), response.status)
  const result = answer.safeParse(body)
  if (result.success) return result.data
  throw new SendError('unavailable', `Meta's answer is not as documented: ${z.prettifyError(result.error)}`, {
    retryable: true,
    outcomeUnknown: true,
  })
}

/** What is no JSON fails where its form is checked. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const resting = (milliseconds: number) =>
  new SendError('throttled', 'Meta asked for a rest by its usage headers', {
    retryable: true,
    retryAfter: Math.ceil(milliseconds / 1000),
    scope: 'account',
  })

/** Links of files expire, and then say 403 or 404; the rest may pass. */
const downloadFailed = (status: number) =>
  new SendError(status < 500 && status !== 429 ? 'invalid' : 'unavailable', `Meta answered ${status} for a file`, {
    retryable: status >= 500 || status === 429,
    providerCode: String(status),
  })

/** https at one of Meta's hosts, or wherever the Graph API itself was said to be. */
function isMedia(address: string, root: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, origin, port, username } = new URL(address)
  if (origin === new URL(root).origin) return true
  return protocol === 'https:' && port === '' && username === '' && MEDIA_HOST.test(hostname)
}
