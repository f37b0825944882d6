import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'

/** Names of the colonias that are offered while one types; any other is accepted too. */
export async function colonias(em: EntityManager): Promise<string[]> {
  const rows = await sql<{ nombre: string }>(
    em,
    'select distinct nombre from colonia where retirada_at is null order by nombre limit 2000',
  )
  return rows.map((row) => row.nombre)
}
