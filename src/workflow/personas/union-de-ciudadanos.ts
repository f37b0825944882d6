import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { PersonasCambiaron, requerido } from '../peticion/rechazos.ts'

/**
 * By what two are known to be one person: a member of the staff says so and why, a code that only who holds both could carry over, or
 * the platform itself, at an account of ours that replaces another one.
 */
export type Prueba = { tipo: 'usuario'; usuarioId: number; motivo: string | undefined } | { tipo: 'codigo' | 'cuenta' }

/**
 * From now on `unido` is the same person as `queda`, who has all addresses and petitions of both; what belonged to whom is kept.
 * Anonymous petitions belong to nobody and are not touched. In the transaction of `em`; gives the join's id.
 * @throws {PersonasCambiaron} when they are one already, or one of them was joined to somebody meanwhile. {DatoInvalido}
 */
export async function unirCiudadanos(
  em: EntityManager,
  { queda, unido }: { queda: number; unido: number },
  prueba: Prueba,
): Promise<number> {
  const usuario = prueba.tipo === 'usuario' ? prueba : undefined
  const motivo = usuario ? requerido(usuario.motivo, 'motivo') : null
  const libres = await bloquear(em, [queda, unido])
  if (queda === unido || libres.length !== 2) throw new PersonasCambiaron()
  const addresses = await ids(em, 'update address set ciudadano_id = $1 where ciudadano_id = $2 returning id', [
    queda,
    unido,
  ])
  const peticiones = await ids(em, 'update peticion set ciudadano_id = $1 where ciudadano_id = $2 returning id', [
    queda,
    unido,
  ])
  await sql(em, 'update ciudadano set unido_a = $1 where id = $2', [queda, unido])
  const row = await sqlOne<{ id: number }>(
    em,
    `insert into union_de_ciudadanos (queda, unido, origen, usuario_id, motivo, addresses, peticiones)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [queda, unido, prueba.tipo, usuario?.usuarioId ?? null, motivo, addresses, peticiones],
  )
  if (!row) throw new Error('the join was not written')
  return row.id
}

/**
 * Takes a join apart: each has again what was theirs, and what their addresses brought meanwhile. What the staff captured for the
 * joined person stays with who stayed. In the transaction of `em`; gives both ids.
 * @throws {PersonasCambiaron} when it was taken apart already, or who stayed was joined to somebody since: that join is the first to go.
 * {DatoInvalido}
 */
export async function separarCiudadanos(
  em: EntityManager,
  { union, queda }: { union: number; queda: number },
  quien: { usuarioId: number; motivo: string | undefined },
): Promise<{ queda: number; unido: number }> {
  const motivo = requerido(quien.motivo, 'motivo')
  // Of a list of bigint each one comes as text.
  const row = await sqlOne<{ unido: number; addresses: string[]; peticiones: string[] }>(
    em,
    `update union_de_ciudadanos set separada_at = now(), separada_por = $3, separada_motivo = $4
      where id = $1 and queda = $2 and separada_at is null returning unido, addresses, peticiones`,
    [union, queda, quien.usuarioId, motivo],
  )
  if (!row) throw new PersonasCambiaron()
  const { unido, addresses, peticiones } = row
  const libres = await bloquear(em, [queda, unido])
  if (!libres.includes(queda)) throw new PersonasCambiaron()
  await sql(em, 'update address set ciudadano_id = $2 where ciudadano_id = $1 and id = any($3)', [
    queda,
    unido,
    addresses,
  ])
  await sql(
    em,
    `update peticion set ciudadano_id = $2
      where ciudadano_id = $1 and case when address_id is null then id = any($3) else address_id = any($4) end`,
    [queda, unido, peticiones, addresses],
  )
  await sql(em, 'update ciudadano set unido_a = null where id = $1', [unido])
  await sql(em, NO_SIGUE, [[queda, unido]])
  await sql(em, NO_AVISA, [[queda, unido]])
  return { queda, unido }
}

/**
 * Locks both persons and gives those who are joined to nobody. Their addresses come first, in the order in which a registration takes
 * the two: one that is under way ends before, and what it registered is seen here.
 */
async function bloquear(em: EntityManager, ciudadanos: number[]): Promise<number[]> {
  await sql(em, 'select 1 from address where ciudadano_id = any($1) order by id for no key update', [ciudadanos])
  const libres = await ids(
    em,
    'select id from (select id, unido_a from ciudadano where id = any($1) order by id for no key update) c where unido_a is null',
    [ciudadanos],
  )
  await sql(em, 'select 1 from peticion where ciudadano_id = any($1) order by id for no key update', [ciudadanos])
  return libres
}

async function ids(em: EntityManager, text: string, parameters: unknown[]): Promise<number[]> {
  return (await sql<{ id: number }>(em, text, parameters)).map(({ id }) => id)
}

const NO_SIGUE = `
delete from seguimiento s using address quien, address suya
 where quien.id = s.address_id and suya.id = s.sigue_a and quien.ciudadano_id is distinct from suya.ciudadano_id
   and (quien.ciudadano_id = any($1) or suya.ciudadano_id = any($1))`

// A notice on its way to who is another person now.
const NO_AVISA = `
update message m set status = 'failed', due_at = null, error = 'invalid: the address is of another person'
  from conversation c join address a on a.id = c.address_id, outbox o join peticion p on p.id = o.peticion_id
 where m.outbox_id = o.id and m.conversation_id = c.id and m.status in ('pending', 'waiting_window')
   and p.address_id <> a.id and p.ciudadano_id is distinct from a.ciudadano_id
   and (p.ciudadano_id = any($1) or a.ciudadano_id = any($1))`
