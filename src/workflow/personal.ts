import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../runtime/sql.ts'
import type { Rol, UsuarioActor } from './actor.ts'

/** SQL over `usuario u`: their own dependencia and, of a titular, those below it too; an array. */
export const SUS_DEPENDENCIAS = `
coalesce((with recursive propias as (
    select u.dependencia_id as id where u.dependencia_id is not null
    union select d.id from dependencia d join propias p on d.depende_de = p.id where 'titular' = any(u.roles)
  ) select array_agg(id) from propias), '{}')`

/** A member of the staff with name and e-mail. */
export type Persona = UsuarioActor & { nombre: string; email: string }

/** Everybody who may come in, by name. */
export async function personalActivo(em: EntityManager): Promise<Persona[]> {
  const rows = await sql<Omit<Persona, 'tipo'>>(
    em,
    `select u.id, u.nombre, u.email, u.roles, u.dependencia_id as "dependenciaId", ${SUS_DEPENDENCIAS} as dependencias
       from usuario u where u.disabled_at is null order by sin_acentos(u.nombre), u.id`,
  )
  return rows.map((row) => ({ tipo: 'usuario', ...row }))
}

/** Those of a role who may come in; with a dependencia, only its own. */
export async function personalDe(em: EntityManager, rol: Rol, dependenciaId?: string): Promise<UsuarioActor[]> {
  const rows = await sql<Omit<UsuarioActor, 'tipo'>>(
    em,
    `select u.id, u.roles, u.dependencia_id as "dependenciaId", ${SUS_DEPENDENCIAS} as dependencias
       from usuario u
      where u.disabled_at is null and $1 = any(u.roles) and ($2::text is null or u.dependencia_id = $2) order by u.id`,
    [rol, dependenciaId ?? null],
  )
  return rows.map((row) => ({ tipo: 'usuario', ...row }))
}
