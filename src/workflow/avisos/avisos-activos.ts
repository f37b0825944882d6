import type { EntityManager } from '@mikro-orm/postgresql'
import type { AvisoActivo } from '../../conversation/flows/avisos-activos/services.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import type { Locale } from '../../conversation/state.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { OutboxMessages } from '../run-outbox.ts'
import { type DecirDeps, decirASumados } from './decir-a-sumados.ts'

/** What staff publish: about which categories, in which colonias (none: everywhere), and until when. */
export interface NuevoAvisoActivo {
  texto: string
  categorias: readonly string[]
  colonias: readonly string[]
  hasta: Date
}

/** Publishes it from now on, in the transaction of `em`; gives its id. */
export async function publicarAvisoActivo(
  em: EntityManager,
  { texto, categorias, colonias, hasta }: NuevoAvisoActivo,
  usuarioId: number,
  ahora: Date,
): Promise<number> {
  const row = await sqlOne<{ id: number }>(
    em,
    `insert into aviso_activo (texto, categorias, colonias, desde, hasta, usuario_id, created_at)
     values ($1, $2, array(select sin_acentos(c) from unnest($3::text[]) as c), $4, $5, $6, $4) returning id`,
    [texto, categorias, colonias, ahora, hasta, usuarioId],
  )
  if (!row) throw new Error('the notice was not stored')
  return row.id
}

/** Takes it back before its end; false when it had ended already. */
export async function retirarAvisoActivo(em: EntityManager, id: number, ahora: Date): Promise<boolean> {
  const row = await sqlOne(
    em,
    'update aviso_activo set retirado_at = $2 where id = $1 and retirado_at is null and hasta > $2 returning id',
    [id, ahora],
  )
  return row !== undefined
}

const VIGENTE = 'terminado_at is null and retirado_at is null and desde <= $1 and hasta > $1'

/** What is published now about the category there, the longest to come. */
export function avisoActivoDe(
  em: EntityManager,
  categoria: string,
  colonia: string | undefined,
  ahora: Date,
): Promise<AvisoActivo | undefined> {
  return sqlOne<AvisoActivo>(
    em,
    `select id, texto, hasta from aviso_activo
      where ${VIGENTE} and $2 = any(categorias) and (colonias = '{}' or sin_acentos($3) = any(colonias))
      order by hasta desc, id desc limit 1`,
    [ahora, categoria, colonia ?? null],
  )
}

/** Counts that somebody was told of it. */
export async function anotarAvisoOido(em: EntityManager, id: number): Promise<void> {
  await sql(em, 'update aviso_activo set oidos = oidos + 1 where id = $1', [id])
}

/** The address is told when it ends; false when it ended meanwhile. Waits for an end that is under way. */
export async function sumarseAAvisoActivo(
  em: EntityManager,
  id: number,
  addressId: number,
  ahora: Date,
): Promise<boolean> {
  const vigente = await sqlOne(em, `select 1 from aviso_activo where id = $2 and ${VIGENTE} for share`, [ahora, id])
  if (!vigente) return false
  await sql(
    em,
    'insert into aviso_activo_sumado (aviso_id, address_id, at) values ($1, $2, $3) on conflict do nothing',
    [id, addressId, ahora],
  )
  return true
}

/** What telling that they ended needs of the outside. */
export interface TerminarDeps extends DecirDeps {
  mensajes: Mensajes
  ahora(): Date
}

/**
 * Tells those who asked for it that a notice ended or was taken back: each once, in one transaction a notice, however many processes
 * look. `em` has no transaction of its own.
 */
export async function terminarAvisosActivos(
  em: EntityManager,
  deps: TerminarDeps,
): Promise<OutboxMessages['messages']> {
  const ids = await sql<{ id: number }>(
    em,
    'select id from aviso_activo where terminado_at is null and (hasta <= $1 or retirado_at is not null) order by id',
    [deps.ahora()],
  )
  const messages: OutboxMessages['messages'] = []
  for (const { id } of ids) messages.push(...(await em.transactional((tx) => terminar(tx, id, deps))))
  return messages
}

async function terminar(tx: EntityManager, id: number, deps: TerminarDeps): Promise<OutboxMessages['messages']> {
  const aviso = await sqlOne<{ texto: string }>(
    tx,
    'update aviso_activo set terminado_at = $2 where id = $1 and terminado_at is null returning texto',
    [id, deps.ahora()],
  )
  if (!aviso) return []
  const decir = (locale: Locale) => ({ text: deps.mensajes.in(locale).text('aviso_activo.termino', aviso) })
  const addresses = 'select address_id from aviso_activo_sumado where aviso_id = $1'
  return decirASumados(tx, { addresses, id }, decir, deps)
}
