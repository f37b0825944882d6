import type { EntityManager } from '@mikro-orm/postgresql'
import { HttpProblem } from '../../runtime/http.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import { veConversaciones } from './hilo-permiso.ts'

/** An address of a person, and whether notices go there. */
export interface Direccion {
  channel: string
  account: string
  nombre: string | null
  phone: string | null
  avisos: 'pidio' | 'baja' | 'bloqueado' | 'normal'
  conversationId: number
  lastInboundAt: Date | null
}

/** A person as far as this user may know them. */
export interface PersonaDetallada {
  id: number
  nombre: string | null
  email: string | null
  /** E.164 or as it was written: what they told and what platforms vouch for. */
  telefonos: string[]
  direcciones: Direccion[]
  peticiones: { folio: string; asunto: string; estado: string; registradaAt: Date; canal: string | null }[]
}

/** A join into this person, in force. */
export interface UnionVigente {
  id: number
  at: Date
  origen: 'usuario' | 'codigo' | 'cuenta'
  usuario: string | null
  motivo: string | null
}

/**
 * The person with this id, or who they were joined to.
 * @throws {HttpProblem} 404 when there is none, or this user sees no petition and no conversation of theirs: both look the same.
 */
export async function leerPersona(em: EntityManager, usuario: UsuarioActor, id: number): Promise<PersonaDetallada> {
  const found = await sqlOne<Omit<PersonaDetallada, 'direcciones' | 'peticiones'>>(em, PERSONA, [id])
  if (!found) throw noEsta()
  const { sql: condicion, params } = alcance(usuario, 2)
  const peticiones = await sql<PersonaDetallada['peticiones'][number]>(
    em,
    `select p.folio, p.asunto, p.estado, p.registrada_at as "registradaAt", a.channel as canal
       from peticion p left join address a on a.id = p.address_id
      where p.ciudadano_id = $1 and ${condicion} order by p.id desc limit 100`,
    [found.id, ...params],
  )
  const direcciones = await sql<Direccion>(em, DIRECCIONES, [found.id])
  if (peticiones.length === 0 && (direcciones.length === 0 || !veConversaciones(usuario))) throw noEsta()
  return { ...found, direcciones, peticiones }
}

const noEsta = () => new HttpProblem(404, 'There is no such person within your reach.')

/** Other persons with one of this person's telephones: perhaps the same one, for a member of the staff to judge. */
export async function posiblesMismas(
  em: EntityManager,
  usuario: UsuarioActor,
  id: number,
): Promise<PersonaDetallada[]> {
  const rows = await sql<{ id: number }>(em, MISMO_TELEFONO, [id])
  const found = await Promise.all(rows.map((row) => leerPersona(em, usuario, row.id).catch(onlyInReach)))
  return found.filter((one) => one !== undefined)
}

function onlyInReach(error: unknown): undefined {
  if (error instanceof HttpProblem && error.status === 404) return undefined
  throw error
}

/** The person of a petition in this user's reach; undefined when there is none, or it is nobody's. */
export async function personaDeFolio(
  em: EntityManager,
  usuario: UsuarioActor,
  folio: string,
): Promise<number | undefined> {
  const { sql: condicion, params } = alcance(usuario, 2)
  const row = await sqlOne<{ id: number | null }>(
    em,
    `select p.ciudadano_id as id from peticion p where p.folio = $1 and ${condicion}`,
    [folio, ...params],
  )
  return row?.id ?? undefined
}

/** The joins into this person that are in force, newest first. */
export const unionesDe = (em: EntityManager, id: number): Promise<UnionVigente[]> =>
  sql(
    em,
    `select j.id, j.at, j.origen, u.nombre as usuario, j.motivo
       from union_de_ciudadanos j left join usuario u on u.id = j.usuario_id
      where j.queda = $1 and j.separada_at is null order by j.id desc`,
    [id],
  )

// Up to who stands for them now, then down to all who were joined to that one: each may have told a name and a telephone.
const QUIEN_Y_UNIDOS = `
arriba as (
  select id, unido_a from ciudadano where id = $1
  union all
  select c.id, c.unido_a from ciudadano c join arriba on c.id = arriba.unido_a
), quien as (
  select id from arriba where unido_a is null
), todos as (
  select id from quien
  union all
  select j.unido from union_de_ciudadanos j join todos on j.queda = todos.id where j.separada_at is null
), telefonos as (
  select telefono from ciudadano where id in (select id from todos) and telefono is not null
  union
  select phone from address where ciudadano_id in (select id from quien) and phone is not null
)`

const PERSONA = `
with recursive ${QUIEN_Y_UNIDOS}
select quien.id,
       coalesce(
         (select nombre from ciudadano where id in (select id from todos) and nombre is not null order by id <> quien.id, id limit 1),
         (select name from address where ciudadano_id = quien.id and name is not null order by id limit 1)) as nombre,
       (select email from ciudadano where id in (select id from todos) and email is not null order by id <> quien.id, id limit 1) as email,
       coalesce((select array_agg(telefono order by telefono) from telefonos), '{}') as telefonos
  from quien`

const DIRECCIONES = `
select a.channel, a.account, a.name as nombre, a.phone, c.id as "conversationId", c.last_inbound_at as "lastInboundAt",
       case when a.blocked_at is not null then 'bloqueado' when a.avisos_baja_at is not null then 'baja'
            when a.avisos_alta_at is not null then 'pidio' else 'normal' end as avisos
  from address a join conversation c on c.address_id = a.id
 where a.ciudadano_id = $1 order by c.last_inbound_at desc nulls last, a.id`

// Only what is a whole number: what could not be read as one is in no two places the same by more than chance.
const MISMO_TELEFONO = `
with recursive ${QUIEN_Y_UNIDOS}, iguales as (
  select a.ciudadano_id as id from address a join telefonos t on a.phone = t.telefono where t.telefono like '+%'
  union
  select c.id from ciudadano c join telefonos t on c.telefono = t.telefono where t.telefono like '+%'
), suben as (
  select c.id, c.unido_a from ciudadano c join iguales on c.id = iguales.id
  union
  select c.id, c.unido_a from ciudadano c join suben on c.id = suben.unido_a
)
select id from suben where unido_a is null and id not in (select id from quien) order by id limit 10`
