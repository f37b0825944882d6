import type { EntityManager } from '@mikro-orm/postgresql'
import type { PublicKind } from '../../channels/public-post.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import { TOPE } from '../../workflow/peticion/buscar.ts'

/** The drawers of the tray. */
export const VISTAS = ['sin_atender', 'atendidos', 'todos'] as const
export type Vista = (typeof VISTAS)[number]

/** An account on a network. */
export interface Cuenta {
  channel: string
  account: string
}

/** Which comments. */
export interface FiltroDeRedes {
  vista: Vista
  cuenta?: Cuenta | undefined
  /** What the page before gave as `siguiente`. */
  despues?: string | undefined
}

/** A line of the tray. */
export interface ComentarioEnLista extends Cuenta {
  id: number
  kind: PublicKind
  autor: string | null
  texto: string | null
  conMedios: boolean
  postTexto: string | null
  publicadoAt: Date
  editadoAt: Date | null
  borradoAt: Date | null
  oculto: boolean
  atendidoAt: Date | null
  contestadoAt: Date | null
  contestadoPor: string | null
  hayPeticion: boolean
  /** Something is to be looked at: an act of which nobody knows whether it happened. */
  dudoso: boolean
}

const PAGINA = 25

const VISTA: Record<Vista, string> = {
  sin_atender: 'c.atendido_at is null and c.borrado_at is null',
  atendidos: 'c.atendido_at is not null',
  todos: 'true',
}
const AJENO = 'not c.propio and c.publicado_at is not null'

/** A page of the tray, the newest first. */
export async function leerRedes(em: EntityManager, { vista, cuenta, despues }: FiltroDeRedes) {
  const params: unknown[] = [PAGINA + 1]
  const condiciones = [AJENO, VISTA[vista], ...deCuenta(cuenta, params)]
  const cursor = /^(\d{1,15})_(\d{1,15})$/.exec(despues ?? '')
  if (cursor) {
    const [at, id] = [params.push(new Date(Number(cursor[1]))), params.push(Number(cursor[2]))]
    condiciones.push(`(c.publicado_at, c.id) < ($${at}::timestamptz, $${id}::bigint)`)
  }
  const rows = await sql<ComentarioEnLista>(em, lista(condiciones.join(' and ')), params)
  const comentarios = rows.slice(0, PAGINA)
  const last = rows.length > PAGINA ? comentarios.at(-1) : undefined
  return { comentarios, siguiente: last ? `${last.publicadoAt.getTime()}_${last.id}` : null }
}

function deCuenta(cuenta: Cuenta | undefined, params: unknown[]): string[] {
  return cuenta ? [`c.channel = $${params.push(cuenta.channel)} and c.account = $${params.push(cuenta.account)}`] : []
}

/** How many lie in each drawer, `TOPE` meaning that or more. */
export async function contarRedes(em: EntityManager, cuenta: Cuenta | undefined): Promise<Record<Vista, number>> {
  const params: unknown[] = [TOPE]
  const [suya = 'true'] = deCuenta(cuenta, params)
  const counted = VISTAS.map(
    (vista) =>
      `(select count(*)::int from (select 1 from comentario c where ${AJENO} and ${VISTA[vista]} and ${suya} limit $1) x) as ${vista}`,
  )
  const row = await sqlOne<Record<Vista, number>>(em, `select ${counted.join(', ')}`, params)
  return row ?? { sin_atender: 0, atendidos: 0, todos: 0 }
}

/** How many waiting ones the page has not seen yet. */
export async function contarNuevos(
  em: EntityManager,
  { vista, cuenta }: FiltroDeRedes,
  ultimo: number,
): Promise<number> {
  const params: unknown[] = [TOPE, ultimo]
  const condiciones = [AJENO, VISTA[vista], 'c.id > $2', ...deCuenta(cuenta, params)]
  const row = await sqlOne<{ n: number }>(
    em,
    `select count(*)::int as n from (select 1 from comentario c where ${condiciones.join(' and ')} limit $1) x`,
    params,
  )
  return row?.n ?? 0
}

/** The newest comment there is. */
export async function ultimoComentario(em: EntityManager): Promise<number> {
  return (await sqlOne<{ id: number }>(em, 'select coalesce(max(id), 0) as id from comentario'))?.id ?? 0
}

/** The accounts something was said on; each is found by one look at the index. */
export const leerCuentas = (em: EntityManager): Promise<Cuenta[]> => sql(em, CUENTAS)

/** What was done today, and by whom. */
export interface Carga {
  recibidos: number
  contestados: number
  /** Seconds from what was said to its first answer, of those answered today; null when none was. */
  mediana: number | null
  personas: { nombre: string; total: number }[]
}

/** The load since `desde`, the beginning of the day. */
export async function leerCarga(em: EntityManager, desde: Date): Promise<Carga> {
  const row = await sqlOne<Omit<Carga, 'personas'>>(em, CARGA, [desde])
  const personas = await sql<{ nombre: string; total: number }>(em, PERSONAS, [desde])
  return { recibidos: row?.recibidos ?? 0, contestados: row?.contestados ?? 0, mediana: row?.mediana ?? null, personas }
}

/** The petition made of a comment: its folio where it is in reach of who asks, else null. */
export async function folioEnAlcance(
  em: EntityManager,
  usuario: UsuarioActor,
  peticionId: number,
): Promise<{ folio: string; reservada: boolean } | null> {
  const { sql: condicion, params } = alcance(usuario, 2)
  const row = await sqlOne<{ folio: string; reservada: boolean }>(
    em,
    `select p.folio, p.reservada from peticion p where p.id = $1 and ${condicion}`,
    [peticionId, ...params],
  )
  return row ?? null
}

const lista = (condicion: string) => `
select c.id, c.channel, c.account, c.kind, c.autor, left(c.texto, 300) as texto, c.medios <> '[]'::jsonb as "conMedios",
       left(c.post_texto, 120) as "postTexto", c.publicado_at as "publicadoAt", c.editado_at as "editadoAt",
       c.borrado_at as "borradoAt", c.oculto, c.atendido_at as "atendidoAt", c.contestado_at as "contestadoAt",
       u.nombre as "contestadoPor", c.peticion_id is not null as "hayPeticion",
       exists (select from comentario_acto a where a.comentario_id = c.id and a.acto in ('responder', 'invitar', 'privado')
                and (a.estado = 'ambiguo' or (a.estado = 'en_curso' and a.created_at < now() - interval '1 minute'))) as dudoso
  from comentario c left join usuario u on u.id = c.contestado_por
 where ${condicion} order by c.publicado_at desc, c.id desc limit $1`

const CUENTAS = `
with recursive t as (
  (select channel, account from comentario order by channel, account limit 1)
  union all
  select n.channel, n.account from t, lateral (
    select channel, account from comentario c where (c.channel, c.account) > (t.channel, t.account) order by channel, account limit 1
  ) n
)
select channel, account from t`

const CARGA = `
select count(*) filter (where c.recibido_at >= $1)::int as recibidos,
       count(*) filter (where c.contestado_at >= $1)::int as contestados,
       percentile_cont(0.5) within group (order by extract(epoch from c.contestado_at - c.publicado_at))
         filter (where c.contestado_at >= $1)::float8 as mediana
  from comentario c where ${AJENO} and (c.recibido_at >= $1 or c.contestado_at >= $1)`

const PERSONAS = `
select u.nombre, count(distinct a.comentario_id)::int as total
  from comentario_acto a join usuario u on u.id = a.usuario_id
 where a.created_at >= $1 and a.acto in ('responder', 'invitar', 'privado') and a.estado = 'hecho'
 group by u.id, u.nombre order by total desc, u.nombre`
