import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import type { Locale } from '../../conversation/state.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { OutboxDone, OutboxRow } from '../outbox.ts'
import { ABIERTA } from '../peticion/filtro.ts'
import type { Verbo } from '../peticion/transiciones.ts'
import type { AvisoDeps } from './avisos.ts'
import { type DecirDeps, decirASumados } from './decir-a-sumados.ts'

/** What who joined hears of; the rest is between the house and who made it. */
const AVISAN: readonly Verbo[] = ['procesar', 'concluir', 'validar', 'reabrir', 'orientar', 'cancelar']

/** Others' petitions, as `peticion p`, that the address `$1` joined: never an anonymous or reserved one, also when it became so later. */
export const SUMADAS = `not p.anonima and not p.reservada
  and p.id in (select peticion_id from adhesion where address_id = $1)`

/**
 * Joins the address to another's open petition, once however often it is said; gives how many want it attended then.
 * undefined when it is no longer open, or anonymous or reserved. Waits for a verb that is under way.
 */
export async function sumarse(
  em: EntityManager,
  addressId: number,
  folio: string,
  ahora: Date,
): Promise<number | undefined> {
  const peticion = await sqlOne<{ id: number }>(
    em,
    `select p.id from peticion p
      where p.folio = $1 and ${ABIERTA} and not p.anonima and not p.reservada and p.address_id is distinct from $2
        for share of p`,
    [folio, addressId],
  )
  if (!peticion) return undefined
  await sql(em, 'insert into adhesion (peticion_id, address_id, at) values ($1, $2, $3) on conflict do nothing', [
    peticion.id,
    addressId,
    ahora,
  ])
  return 1 + (await cuantosSumados(em, peticion.id))
}

/** How many joined it. */
async function cuantosSumados(em: EntityManager, peticionId: number): Promise<number> {
  const row = await sqlOne<{ n: number }>(em, 'select count(*) as n from adhesion where peticion_id = $1', [peticionId])
  return row?.n ?? 0
}

/** Must those who joined be told of this verb? */
export async function debeAvisarASumados(em: EntityManager, peticionId: number, verbo: Verbo): Promise<boolean> {
  return AVISAN.includes(verbo) && (await cuantosSumados(em, peticionId)) > 0
}

/** Who joined a duplicate, and who made it, hear from now on of the petition it repeats. */
export async function pasarSumados(em: EntityManager, de: number, a: number, ahora: Date): Promise<void> {
  await sql(
    em,
    `insert into adhesion (peticion_id, address_id, at)
     select a.id, who.address_id, $3
       from peticion a, peticion de,
            lateral (select s.address_id from adhesion s where s.peticion_id = de.id
                     union select de.address_id where de.address_id is not null and not de.reservada) who
      where de.id = $1 and a.id = $2 and not a.anonima and not a.reservada and who.address_id is distinct from a.address_id
     on conflict do nothing`,
    [de, a, ahora],
  )
}

/** What a notice to those who joined needs of the outside. */
export interface SumadosDeps extends DecirDeps, AvisoDeps {}

/** Tells everybody who joined how the petition stands: its state and nothing that was written to who made it. */
export async function notificarSumados(em: EntityManager, row: OutboxRow, deps: SumadosDeps): Promise<OutboxDone> {
  const aviso = await avisoASumados(em, row.movimientoId, deps)
  const messages = aviso ? await decirASumados(em, { addresses: QUIENES, id: row.peticionId }, aviso, deps) : []
  return { status: messages.length > 0 ? 'done' : 'skipped', messages: messages.map(({ id }) => id) }
}

const QUIENES = `select s.address_id from adhesion s join peticion p on p.id = s.peticion_id
  where p.id = $1 and not p.anonima and not p.reservada`

/** What each of them reads, in their language. */
async function avisoASumados(
  em: EntityManager,
  movimientoId: number,
  { mensajes: todos }: AvisoDeps,
): Promise<((locale: Locale) => OutboundMessage) | undefined> {
  const cambio = await sqlOne<{ verbo: Verbo; a: Estado; folio: string; asunto: string; resuelto: boolean | null }>(
    em,
    `select m.verbo, m.a, p.folio, p.asunto, (m.datos->>'resuelto')::boolean as resuelto
       from movimiento m join peticion p on p.id = m.peticion_id where m.id = $1`,
    [movimientoId],
  )
  if (!cambio) return undefined
  const { verbo, a, folio, asunto, resuelto } = cambio
  const clave = verbo === 'concluir' ? (resuelto ? 'resuelto' : 'no_resuelto') : 'novedad'
  return (locale) => {
    const mensajes = todos.in(locale)
    const estado = mensajes.text(`estados.${a}`)
    return { text: mensajes.text(`sumados.${clave}`, { folio, asunto: mensajes.named(asunto), estado }) }
  }
}
