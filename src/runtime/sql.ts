import type { EntityManager } from '@mikro-orm/postgresql'
import { CompiledQuery, type QueryExecutorProvider } from 'kysely'

interface Executor extends QueryExecutorProvider {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<{ rows: Row[]; numAffectedRows?: bigint }>
}

/**
 * Runs one statement with `$1` parameters on the transaction of `em`, or outside any.
 * `bigint` comes back as number, `timestamptz` as Date, `date` as 'YYYY-MM-DD'.
 */
export async function sql<Row = unknown>(em: EntityManager, text: string, parameters: unknown[] = []): Promise<Row[]> {
  const executor: Executor = em.getTransactionContext<Executor>() ?? em.getConnection().getClient()
  return (await executor.executeQuery<Row>(CompiledQuery.raw(text, parameters))).rows
}

/** As `sql`, for a statement that gives at most one row. */
export async function sqlOne<Row = unknown>(
  em: EntityManager,
  text: string,
  parameters: unknown[] = [],
): Promise<Row | undefined> {
  return (await sql<Row>(em, text, parameters))[0]
}
