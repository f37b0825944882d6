import { Client } from 'pg'
import { until } from '../src/runtime/until.ts'

/** Databases of one server, made as copies of each other. */
export interface Copies {
  /** The URL of a database. */
  urlOf(name: string): string
  /** Makes `to` anew as a copy of `from`, which nobody may be using. */
  copy(from: string, to: string): Promise<void>
}

/** @param server the URL of any database there; its user may make databases. */
export function createCopies(server: string): Copies {
  const urlOf = (name: string) => {
    const url = new URL(server)
    url.pathname = `/${name}`
    return url.href
  }
  return {
    urlOf,
    async copy(from, to) {
      const client = new Client({ connectionString: urlOf('postgres') })
      await client.connect()
      // A pool that has ended is not gone from the server at once; a connection that is struck down then would end us.
      await until(async () => (await client.query(IN_USE, [[from, to]])).rowCount === 0, { every: 10, timeout: 10_000 })
      await client.query(`drop database if exists ${to}`)
      await client.query(`create database ${to} template ${from}`)
      await client.end()
    },
  }
}

const IN_USE = 'select from pg_stat_activity where datname = any($1) limit 1'
