import type { EntityManager } from '@mikro-orm/postgresql'
import type { FileStore } from '../../channels/channel.ts'
import { QUEUE_SCHEMA } from '../../runtime/database.ts'
import { EXIT, StartupProblem } from '../../runtime/problem.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** What a database is to the demo. */
export type Ground = 'empty' | 'unfinished' | 'filled'

const MARKS = { unfinished: 'Canaliza demo, being filled', filled: 'Canaliza demo' } as const

/**
 * Whether the database is the demo's; the mark is a comment on a table, so that it goes with a dump.
 * @throws {StartupProblem} for one that holds anything else: that may be a town's.
 */
export async function groundOf(em: EntityManager): Promise<Ground> {
  const row = await sqlOne<{ mark: string | null; used: boolean }>(
    em,
    `select obj_description('peticion'::regclass) as mark,
            exists (select from usuario) or exists (select from address) or exists (select from peticion) as used`,
  )
  if (row?.mark === MARKS.filled) return 'filled'
  if (row?.mark === MARKS.unfinished) return 'unfinished'
  if (!row?.used) return 'empty'
  throw new StartupProblem(
    'The demo does not start: this database holds users, conversations or petitions that are not its own. Set DATABASE_URL to an empty database, or DATA_DIR to another folder, or leave both out.',
    EXIT.config,
  )
}

/** Says what the database is from now on. */
export async function mark(em: EntityManager, ground: keyof typeof MARKS): Promise<void> {
  await sql(em, `comment on table peticion is '${MARKS[ground]}'`)
}

/** Takes away all tables of a demo, and its files; the next opening of the house makes the tables anew. */
export async function clear(em: EntityManager, files: FileStore): Promise<void> {
  const stored = await sql<{ key: string }>(
    em,
    `select unnest(array[storage_key, thumb_key]) as key from attachment where storage_key is not null`,
  )
  for (const { key } of stored) if (key) await files.delete(key)
  await sql(em, `drop schema if exists ${QUEUE_SCHEMA} cascade`)
  await sql(em, 'drop schema public cascade')
  await sql(em, 'create schema public')
}
