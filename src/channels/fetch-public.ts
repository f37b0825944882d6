import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { Readable } from 'node:stream'
import { isPublicUrl, lookupPublic, PrivateNetwork } from '../runtime/public-network.ts'
import { SendError } from './send-error.ts'

/** A file that somebody serves. */
export interface Fetched {
  body: ReadableStream<Uint8Array>
  mime?: string
}

/** How often an address may lead to another one; each is looked at anew. */
const REDIRECTS = 3

/**
 * Fetches what anybody on the internet may have given us the address of: by https, never from a machine of a private network, whatever
 * its name says at the moment of connecting.
 * @throws {SendError} `invalid` for what may not be fetched or is gone, `unavailable` for what may pass.
 */
export async function fetchPublic(address: string, signal: AbortSignal): Promise<Fetched> {
  let at = URL.parse(address)
  for (let hops = 0; hops <= REDIRECTS; hops++) {
    if (!at || !isPublicUrl(at)) throw forbidden('it is not at a public https address')
    const response = await get(at, signal)
    const { statusCode: status = 0, headers } = response
    if (status >= 200 && status < 300) return fetched(response)
    response.destroy()
    if (status >= 400 || headers.location === undefined) throw refusal(status)
    at = URL.parse(headers.location, at.href)
  }
  throw forbidden('it is sent from one place to the next')
}

const fetched = (response: IncomingMessage): Fetched => {
  const mime = response.headers['content-type']
  return { body: Readable.toWeb(response), ...(mime && { mime }) }
}

function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { signal, lookup: lookupPublic, agent: false }, resolve)
    asked.on('error', (cause) =>
      reject(cause instanceof PrivateNetwork ? forbidden('it is in a private network') : away(cause)),
    )
    asked.end()
  })
}

const forbidden = (why: string) => new SendError('invalid', `The file is not fetched: ${why}`, { retryable: false })

const away = (cause: unknown) =>
  new SendError('unavailable', 'The file’s server cannot be reached', { retryable: true, cause })

/** Links of files expire, and then say 403 or 404; the rest may pass. */
const refusal = (status: number) =>
  new SendError(status < 500 && status !== 429 ? 'invalid' : 'unavailable', `The file’s server answered ${status}`, {
    retryable: status >= 500 || status === 429,
    providerCode: String(status),
  })
