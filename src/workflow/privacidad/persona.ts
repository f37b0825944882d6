import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { SolicitudArco } from './arco.ts'
import { type Clase, type ClaseDef, claseDe } from './clases.ts'

/** Everything that is kept of one person: ids by kind. */
export type Suyo = Record<Extract<Clase, 'peticion' | 'conversacion' | 'comentario' | 'ciudadano'>, number[]>

/** What is kept of who made this request: of them, of whom they were joined to, and of all their addresses. */
export async function suyoDe(em: EntityManager, solicitud: SolicitudArco): Promise<Suyo> {
  const ids = async (text: string, params: unknown[]) =>
    (await sql<{ id: number }>(em, text, params)).map(({ id }) => id)
  const ciudadano = await ids(`select id from ciudadano where (id = $1 or unido_a = $1) and bloqueado_at is null`, [
    solicitud.ciudadanoId,
  ])
  const conversacion = await ids(
    `select a.id from address a join conversation c on c.address_id = a.id
      where (a.id = $1 or a.ciudadano_id = any($2)) and c.bloqueada_at is null`,
    [solicitud.addressId, ciudadano],
  )
  const peticion = await ids(
    `select id from peticion where (id = $1 or address_id = any($2) or ciudadano_id = any($3)) and bloqueada_at is null`,
    [solicitud.peticionId, conversacion, ciudadano],
  )
  const comentario = await ids(
    `select id from comentario where (address_id = any($1) or peticion_id = any($2)) and bloqueado_at is null`,
    [conversacion, peticion],
  )
  return { peticion, conversacion, comentario, ciudadano }
}

/** Keys of devices tell nothing that a person could read. */
const ILEGIBLES = ['whatsapp_key', 'bot_framework_reference']

/** All rows that tell of this person, by table, as they are; of reserved petitions only with `reservadas`. */
export async function datosDePersona(
  em: EntityManager,
  solicitud: SolicitudArco,
  { reservadas }: { reservadas: boolean },
): Promise<Record<string, unknown[]>> {
  const suyo = await suyoDe(em, solicitud)
  const propias = await sql<{ id: number }>(
    em,
    'select id from peticion where id = any($1) and ($2 or not reservada or id = $3)',
    [suyo.peticion, reservadas, solicitud.peticionId],
  )
  const visibles = { ...suyo, peticion: propias.map(({ id }) => id) }
  const datos: Record<string, unknown[]> = {}
  for (const [clase, ids] of Object.entries(visibles) as [keyof Suyo, number[]][]) {
    for (const id of ids) await reunir(em, claseDe(clase), id, datos)
  }
  return datos
}

async function reunir(em: EntityManager, def: ClaseDef, id: number, datos: Record<string, unknown[]>): Promise<void> {
  for (const { tabla, donde } of def.partes.filter(({ tabla }) => !ILEGIBLES.includes(tabla))) {
    const rows = await sql<{ fila: unknown }>(em, `select to_jsonb(t) as fila from ${tabla} t where ${donde}`, [id])
    const nuevas = rows.map(({ fila }) => fila).filter((fila) => !esta(datos[tabla], fila))
    datos[tabla] = [...(datos[tabla] ?? []), ...nuevas]
  }
}

/** A notice of a petition is also a message of its conversation. */
const esta = (ya: unknown[] = [], fila: unknown) => ya.some((one) => JSON.stringify(one) === JSON.stringify(fila))
