import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** A name that leads to this machine or into a private network: nobody outside has us ask there. */
export class PrivateNetwork extends Error {
  constructor(hostname: string) {
    super(`${hostname} is in a private network`)
    this.name = 'PrivateNetwork'
  }
}

/**
 * May we ask at an address that anybody may have given us? By https, without name and password, and in figures only outside of private
 * networks. Whoever connects to it looks its name up by `lookupPublic`.
 */
export function isPublicUrl({ protocol, username, hostname }: URL): boolean {
  // Of an address in figures nobody asks the name.
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return protocol === 'https:' && username === '' && (!ipaddr.isValid(host) || isPublic(host))
}

/** The check is of the very addresses that are then connected to, whatever the name said before. Fails with PrivateNetwork. */
export const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? []
    if (error || !first) return done(error ?? new Error('the name has no address'), '', 0)
    if (!addresses.every(({ address }) => isPublic(address))) return done(new PrivateNetwork(hostname), '', 0)
    return options.all ? done(null, addresses) : done(null, first.address, first.family)
  })
}

/** Anything but an ordinary address: this machine, private networks, links, test nets, and what wraps one of them. */
const isPublic = (address: string) => ipaddr.process(address).range() === 'unicast'
