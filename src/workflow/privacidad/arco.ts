import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { CATEGORIA_ARCO } from '../catalogo/codigos.ts'
import { normalizarTelefono } from '../personas/ciudadano.ts'
import { CERRADA } from '../peticion/filtro.ts'

/** What one may ask of one's own data, in the order of the catalogue's question. */
export const DERECHOS = ['acceso', 'rectificacion', 'cancelacion', 'oposicion'] as const
export type Derecho = (typeof DERECHOS)[number]

/** A request over personal data, with what is known of who made it. */
export interface SolicitudArco {
  peticionId: number
  folio: string
  estado: string
  derecho: Derecho | undefined
  descripcion: string
  medio: string
  registradaAt: Date
  /** ISO date: the last of the twenty working days. */
  venceEl: string
  ciudadanoId: number | null
  addressId: number | null
  nombre: string | null
  telefono: string | null
  email: string | null
  /** The notice of privacy that was accepted, when, and where; null when none was. */
  avisoVersion: string | null
  avisoAt: Date | null
  canal: string | null
  avisosBajaAt: Date | null
  bloqueadaAt: Date | null
}

type Fila = Omit<SolicitudArco, 'derecho'> & { dicho: string | null; opciones: string[] }

/** All requests, those that wait first, by their plazo. */
export async function solicitudesArco(em: EntityManager): Promise<SolicitudArco[]> {
  const rows = await sql<Fila>(em, `${SOLICITUD} order by ${CERRADA}, p.vence_el, p.id limit 500`, [CATEGORIA_ARCO])
  return rows.map(conDerecho)
}

/** One request by its folio; undefined when that is none. */
export async function solicitudArco(em: EntityManager, folio: string): Promise<SolicitudArco | undefined> {
  const row = await sqlOne<Fila>(em, `${SOLICITUD} and p.folio = $2`, [CATEGORIA_ARCO, folio])
  return row && conDerecho(row)
}

/** The chat notes the code of the right, the form of the panel the words of its question. */
function conDerecho({ dicho, opciones, ...row }: Fila): SolicitudArco {
  const derecho = DERECHOS.find((one) => one === dicho) ?? DERECHOS[opciones.indexOf(dicho ?? '')]
  return { ...row, derecho }
}

/** What a person would have corrected; what is left out stays. */
export interface Correccion {
  nombre: string | null
  telefono: string | null
  email: string | null
}

/** Corrects how a person is named and reached, also in the petitions that say the same as before. */
export async function rectificar(em: EntityManager, ciudadanoId: number, corregido: Correccion): Promise<void> {
  const { nombre, email } = corregido
  const telefono = corregido.telefono === null ? null : normalizarTelefono(corregido.telefono)
  const params = [ciudadanoId, nombre, telefono, email]
  await sql(em, 'select 1 from peticion where ciudadano_id = $1 order by id for no key update', [ciudadanoId])
  await sql(
    em,
    `update peticion p set nombre = coalesce($2, p.nombre), telefono = coalesce($3, p.telefono), email = coalesce($4, p.email)
      where p.ciudadano_id = $1 and p.bloqueada_at is null and not p.reservada
        and (p.nombre is not null or p.telefono is not null or p.email is not null)`,
    params,
  )
  await sql(
    em,
    `update ciudadano set nombre = coalesce($2, nombre), telefono = coalesce($3, telefono), email = coalesce($4, email) where id = $1`,
    params,
  )
}

/** From now on no notice goes to this person, at any of their addresses; gives how many there are. */
export async function oponer(em: EntityManager, solicitud: SolicitudArco, ahora: Date): Promise<number> {
  const suyas = await sql<{ id: number }>(
    em,
    `update address set avisos_baja_at = $3, avisos_alta_at = null where id = $1 or ciudadano_id = $2 returning id`,
    [solicitud.addressId, solicitud.ciudadanoId, ahora],
  )
  const ids = suyas.map(({ id }) => id)
  await sql(em, 'delete from adhesion where address_id = any($1)', [ids])
  await sql(em, 'delete from aviso_activo_sumado where address_id = any($1)', [ids])
  return ids.length
}

const SOLICITUD = `
select p.id as "peticionId", p.folio, p.estado, p.descripcion, p.medio, p.registrada_at as "registradaAt", p.vence_el as "venceEl",
       p.ciudadano_id as "ciudadanoId", p.address_id as "addressId", coalesce(c.nombre, p.nombre) as nombre,
       coalesce(c.telefono, p.telefono) as telefono, coalesce(c.email, p.email) as email, a.aviso_version as "avisoVersion",
       a.aviso_at as "avisoAt", a.channel as canal, a.avisos_baja_at as "avisosBajaAt", p.bloqueada_at as "bloqueadaAt",
       p.respuestas->>'derecho' as dicho,
       array(select jsonb_array_elements_text(q->'opciones') from jsonb_array_elements(k.preguntas) q where q->>'id' = 'derecho') as opciones
  from peticion p join categoria k on k.id = p.categoria left join ciudadano c on c.id = p.ciudadano_id left join address a on a.id = p.address_id
 where p.categoria = $1`
