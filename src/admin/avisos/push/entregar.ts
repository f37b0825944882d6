import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { RequestDetails } from 'web-push'
import { isPublicUrl, lookupPublic } from '../../../runtime/public-network.ts'

/** Milliseconds that a push service may take. */
const PATIENCE = 10_000

/**
 * Hands a message to its push service and gives the status it answered. The address came from a browser: it is asked only by https
 * and never in a private network, whatever its name says at the moment of connecting; `anywhere` lifts that.
 * @throws {Error} when it may not be asked, or does not answer.
 */
export function entregar({ endpoint, method, headers, body }: RequestDetails, anywhere: boolean): Promise<number> {
  const url = new URL(endpoint)
  if (!anywhere && !isPublicUrl(url)) throw new Error('this is not the address of a push service')
  const request = url.protocol === 'http:' ? requestHttp : requestHttps
  return new Promise((resolve, reject) => {
    const options = { method, headers, signal: AbortSignal.timeout(PATIENCE), agent: false as const }
    const asked = request(url, anywhere ? options : { ...options, lookup: lookupPublic }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
