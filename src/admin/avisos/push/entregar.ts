import { type LookupAddress, lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { RequestDetails } from 'web-push'

/** Milliseconds that a push service may take. */
const PATIENCE = 10_000

/**
 * Hands a message to its push service and gives the status it answered. The address came from a browser: it is asked only by https
 * and never in a private network, whatever its name says at the moment of connecting; `anywhere` lifts that.
 * @throws {Error} when it may not be asked, or does not answer.
 */
export function entregar({ endpoint, method, headers, body }: RequestDetails, anywhere: boolean): Promise<number> {
  const url = new URL(endpoint)
  if (!anywhere && !esPublica(url)) throw new Error('this is not the address of a push service')
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

/** May a push service be there? https, no name and password, no address of a private network. */
export function esPublica({ protocol, username, hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return protocol === 'https:' && username === '' && (!ipaddr.isValid(host) || isUnicast(host))
}

const isUnicast = (address: string) => ipaddr.process(address).range() === 'unicast'

const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? []
    if (error || !first) return done(error ?? new Error('the name has no address'), '', 0)
    if (!addresses.every(({ address }) => isUnicast(address)))
      return done(new Error('the push service is in a private network'), '', 0)
    return options.all ? done(null, addresses) : done(null, first.address, first.family)
  })
}
