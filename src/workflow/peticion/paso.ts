import { type EntityManager, raw } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import { publish } from '../../runtime/events.ts'
import { sql } from '../../runtime/sql.ts'
import type { Actor } from '../actor.ts'
import { debeAvisar } from '../avisos/avisos.ts'
import { debeAvisarASumados } from '../avisos/sumados.ts'
import { avisarDeMovimiento } from '../avisos-personales/de-movimiento.ts'
import { Outbox, type OutboxKind } from '../outbox.ts'
import { alcanza, transicionPermitida, verbosPermitidos } from '../permisos.ts'
import { retirarAclaracion } from './aclaracion.ts'
import { momento } from './momento.ts'
import { type DatosDeMovimiento, Movimiento } from './movimiento.ts'
import { Peticion } from './peticion.ts'
import { Conflicto, FueraDeAlcance, TransicionNoPermitida } from './rechazos.ts'
import type { Transicion, Verbo } from './transiciones.ts'

/** What every verb is given of the outside. */
export interface Contexto {
  ahora: Date
}

/** A verb under way: the petition is locked and the table has a line for it. */
export interface Paso {
  actor: Actor
  peticion: Readonly<Peticion>
  transicion: Transicion
  /** The hour only, for an anonymous one. */
  at: Date
}

/** What a verb did. The outbox rows are also published (topic `outbox`) when the transaction commits. */
export interface Movido {
  peticionId: number
  movimientoId: number
  estado: Estado
  version: number
  /** Ids of the outbox rows that wait. */
  outbox: number[]
}

/** What a verb changes and writes into the history. */
export interface Asiento {
  cambios?: Partial<Omit<Peticion, 'id' | 'folio' | 'estado' | 'version' | 'actualizadaAt'>>
  nota?: string | undefined
  notaPublica?: string | undefined
  datos?: DatosDeMovimiento
}

/**
 * Locks the petition in the transaction of `em` and asks the table. Whoever also needs the conversation's lock takes that one first.
 * @throws {FueraDeAlcance} {Conflicto} {TransicionNoPermitida} in this order.
 */
export async function abrir(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  verbo: Verbo,
  ctx: Contexto,
  version?: number,
): Promise<Paso> {
  const peticion = await bloquear(em, peticionId)
  if (!peticion || (actor.tipo === 'usuario' && !alcanza(actor, peticion))) throw new FueraDeAlcance()
  if (version !== undefined && version !== peticion.version) throw new Conflicto(peticion.estado)
  const transicion = transicionPermitida(actor, peticion, verbo)
  if (!transicion) throw new TransicionNoPermitida(verbo, peticion.estado, verbosPermitidos(actor, peticion))
  return { actor, peticion, transicion, at: momento(ctx.ahora, peticion.anonima) }
}

// A copy outside the identity map: what a rolled back savepoint leaves in memory is never written later.
async function bloquear(em: EntityManager, peticionId: number): Promise<Peticion | null> {
  await sql(em, 'select 1 from peticion where id = $1 for no key update', [peticionId])
  return em.findOne(Peticion, { id: peticionId }, { disableIdentityMap: true })
}

/** Writes the change, its movimiento and what it owes, and tells who looks on. */
export async function asentar(em: EntityManager, paso: Paso, asiento: Asiento): Promise<Movido> {
  const { peticion, transicion, at } = paso
  const estado = transicion.a ?? peticion.estado
  // Notes and replies are no new version: they do not make another's open form stale.
  const version = transicion.a ? peticion.version + 1 : peticion.version
  const despues = { ...peticion, ...asiento.cambios, estado, version, actualizadaAt: at }
  // What is said of a petition whose data went is data again, and goes in its turn.
  const deNuevo = peticion.bloqueadaAt ? { bloqueadaAt: null } : {}
  await em.nativeUpdate(
    Peticion,
    { id: peticion.id },
    { ...asiento.cambios, ...deNuevo, estado, version, actualizadaAt: at },
  )
  if (transicion.a && CERRADA.has(transicion.a)) await retirarAclaracion(em, peticion.id, at)
  const datos = { dependencia: despues.dependenciaId ?? null, ...asiento.datos }
  const movimientoId = await escribirMovimiento(em, paso, estado, { ...asiento, datos })
  const outbox = debeAvisar(transicion.verbo, despues) ? [await deber(em, 'notificar', peticion, movimientoId)] : []
  if (await debeAvisarASumados(em, peticion.id, transicion.verbo))
    outbox.push(await deber(em, 'sumados', peticion, movimientoId))
  await avisarDeMovimiento(em, despues, { movimientoId, verbo: transicion.verbo, actor: paso.actor, at })
  await anunciar(em, despues, transicion.verbo, peticion.dependenciaId)
  return { peticionId: peticion.id, movimientoId, estado, version, outbox }
}

/** Where nothing more is asked of the citizen. */
const CERRADA: ReadonlySet<Estado> = new Set(['CONCLUIDO', 'ORIENTADA', 'CANCELADO'])

async function escribirMovimiento(
  em: EntityManager,
  { actor, peticion, transicion, at }: Paso,
  a: Estado,
  { nota, notaPublica, datos }: Asiento,
): Promise<number> {
  return em.insert(Movimiento, {
    peticionId: peticion.id,
    at,
    verbo: transicion.verbo,
    de: peticion.estado,
    a,
    actor: actor.tipo,
    usuarioId: actor.tipo === 'usuario' ? actor.id : null,
    nota: nota ?? null,
    notaPublica: notaPublica ?? null,
    datos: datos ?? {},
  })
}

/** Writes down work that a movimiento owes; due at once by the database's clock, of an anonymous petition since the full hour. */
export async function deber(
  em: EntityManager,
  kind: OutboxKind,
  { id: peticionId, anonima }: Pick<Peticion, 'id' | 'anonima'>,
  movimientoId: number,
): Promise<number> {
  const now = raw<Date>(anonima ? "date_trunc('hour', now())" : 'now()')
  const id = await em.insert(Outbox, { kind, peticionId, movimientoId, dueAt: now, createdAt: now })
  await publish(em, { topic: 'outbox', id, kind })
  return id
}

/** What the panels are told of a petition. */
export type Anunciable = Pick<Peticion, 'id' | 'estado' | 'version' | 'medio' | 'reservada'> &
  Partial<Pick<Peticion, 'dependenciaId' | 'enlaceId' | 'capturadaPor'>>

/** Tells the panels when the transaction commits: ids and what the permission predicate needs, never content. */
export async function anunciar(
  em: EntityManager,
  peticion: Anunciable,
  verbo: Verbo,
  antes: string | null | undefined,
): Promise<void> {
  const { id, estado, version, dependenciaId, enlaceId, medio, capturadaPor, reservada } = peticion
  await publish(em, {
    topic: 'peticion',
    id,
    verbo,
    estado,
    version,
    dependenciaId: dependenciaId ?? null,
    enlaceId: enlaceId ?? null,
    medio,
    capturadaPor: capturadaPor ?? null,
    reservada,
    /** Where it was before: their tray changes too. */
    antes: antes ?? null,
  })
}
