import { Client } from 'pg'

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
      await client.query(`drop database if exists ${to} with (force)`)
      await client.query(`create database ${to} template ${from}`)
      await client.end()
    },
  }
}
