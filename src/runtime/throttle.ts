import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import ipaddr from 'ipaddr.js'
import { sql, sqlOne } from './sql.ts'

/** How many attempts within how long; counted in the database, so that all processes count together. */
export interface Limit {
  hits: number
  seconds: number
}

/** Either the attempt may go on, or it may be repeated after so many seconds. */
export type Verdict = { allowed: true } | { allowed: false; retryAfter: number }

/**
 * Counts an attempt before it is made, so that a burst cannot slip through side by side.
 * `key` holds no personal datum in the clear: use `throttleKey`.
 */
export async function attempt(em: EntityManager, key: string, limit: Limit): Promise<Verdict> {
  const row = await sqlOne<{ hits: number; wait: number }>(em, COUNT, [key, limit.seconds])
  if (!row || row.hits <= limit.hits) return { allowed: true }
  return { allowed: false, retryAfter: Math.max(1, Math.ceil(row.wait)) }
}

/** Forgets the attempts counted under `key`: the last one was good. */
export async function forget(em: EntityManager, key: string): Promise<void> {
  await sql(em, 'delete from throttle where key = $1', [key])
}

/** Takes one attempt back. */
export async function forgive(em: EntityManager, key: string): Promise<void> {
  await sql(em, 'update throttle set hits = hits - 1 where key = $1 and hits > 0', [key])
}

/** A key for what is counted, with its parts hashed. */
export function throttleKey(what: string, ...parts: string[]): string {
  return `${what}:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)}`
}

/** The part of an address that one subscriber holds: a whole IPv4 address, the /64 of an IPv6 one; what is no address, as it is. */
export function subscriberOf(ip: string): string {
  const address = ipOrNull(ip)
  if (address === null) return ip
  if (ipaddr.parse(address).kind() === 'ipv4') return address
  return `${ipaddr.parse(address).toNormalizedString().split(':').slice(0, 4).join(':')}::/64`
}

/** An address as PostgreSQL's `inet` takes it; null for whatever else a client's X-Forwarded-For may say. */
export function ipOrNull(ip: string | undefined): string | null {
  const bare = ip?.replace(/%.*$/, '') ?? ''
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : null
}

const COUNT = `
insert into throttle (key, hits, resets_at) values ($1, 1, now() + make_interval(secs => $2))
on conflict (key) do update set
  hits = case when throttle.resets_at <= now() then 1 else throttle.hits + 1 end,
  resets_at = case when throttle.resets_at <= now() then excluded.resets_at else throttle.resets_at end
returning hits, extract(epoch from resets_at - now())::float8 as wait`
