import { createHmac } from 'node:crypto'
import { Client, escapeLiteral } from 'pg'
import { hasCode } from '../problem.ts'
import { until } from '../until.ts'
import type { Cluster } from './cluster.ts'

// invalid_password (also for a role that does not exist), invalid_catalog_name
const NOT_SET_UP = ['28P01', '3D000']

/**
 * Makes sure of the database `canaliza` and of its owner of the same name, who is no superuser: a hole in our statements
 * must not open files or programs of the machine.
 * @returns its URL; a connection to it has been tried.
 * @throws what PostgreSQL answers when the database cannot be opened.
 */
export async function openOwnDatabase({ password }: Cluster, port: number): Promise<string> {
  const url = ownUrl(password, port)
  try {
    await connected(url, async () => undefined)
  } catch (error) {
    if (!hasCode(error, ...NOT_SET_UP)) throw error
    await connected(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, (client) =>
      setUp(client, ownPassword(password)),
    )
    await untilOpen(url)
  }
  return url
}

/** On a very busy machine the new role was seen to be refused in the first moment. */
async function untilOpen(url: string): Promise<void> {
  const opened = await until(
    () =>
      connected(url, async () => undefined).then(
        () => true,
        (error: unknown) => {
          if (hasCode(error, ...NOT_SET_UP)) return false
          throw error
        },
      ),
    { every: 100, timeout: 5_000 },
  )
  if (!opened) await connected(url, async () => undefined)
}

/** The URL of our database as its owner; `password` is the cluster's. */
export const ownUrl = (password: string, port: number) =>
  `postgres://canaliza:${ownPassword(password)}@127.0.0.1:${port}/canaliza`

const ownPassword = (password: string) => createHmac('sha256', password).update('canaliza').digest('base64url')

async function setUp(client: Client, password: string): Promise<void> {
  const role = await client.query("select 1 from pg_roles where rolname = 'canaliza'")
  const verb = role.rowCount === 0 ? 'create' : 'alter'
  await client.query(`${verb} role canaliza with login createdb password ${escapeLiteral(password)}`)
  const database = await client.query("select 1 from pg_database where datname = 'canaliza'")
  if (database.rowCount === 0) await client.query('create database canaliza owner canaliza')
}

async function connected(url: string, use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // The statement that was running rejects by itself; without a listener the process would end as well.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await use(client)
  } finally {
    await client.end()
  }
}
