import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import { HttpProblem } from '../../runtime/http.ts'
import type { Incoming } from './activity.ts'

/** Is this the name or address of this very machine? */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return bare === 'localhost' || (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback')
}

/** What a proxy on this machine would add: behind one, everybody comes from here. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * The Emulator has no credentials: who connects from this machine, and names it, is believed.
 * @throws {HttpProblem} 403 for everybody else, also for a browser that was led here by another site's name.
 */
export function refuseStrangers({ socket, headers }: FastifyRequest): void {
  const named = URL.parse(`http://${headers.host}`)?.hostname ?? ''
  const here = isLoopback(socket.remoteAddress ?? '') && isLoopback(named)
  if (!here || FORWARDED.some((name) => headers[name] !== undefined) || headers.origin !== undefined)
    throw new HttpProblem(403, 'Without credentials only the Emulator on this machine is heard.')
}

/** @throws {HttpProblem} 403 for an unbelieved activity that would have us call another machine. */
export function refuseElsewhere({ serviceUrl }: Incoming): void {
  if (!isLoopback(new URL(serviceUrl).hostname))
    throw new HttpProblem(403, 'Without credentials only a service on this machine is answered.')
}
