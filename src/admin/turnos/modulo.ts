import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'

/** The módulo where this user works, as they last said; undefined before they did, or when it is no more. */
export async function moduloDe(
  em: EntityManager,
  usuarioId: number,
  { modulos }: Pick<Municipio, 'modulos'>,
): Promise<string | undefined> {
  const row = await sqlOne<{ modulo: string | null }>(em, 'select modulo from usuario where id = $1', [usuarioId])
  return modulos.find(({ codigo }) => codigo === row?.modulo)?.codigo
}

/** Remembers it, until they say another. */
export async function recordarModulo(em: EntityManager, usuarioId: number, modulo: string): Promise<void> {
  await sql(em, 'update usuario set modulo = $2 where id = $1', [usuarioId, modulo])
}
