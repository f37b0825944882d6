import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../runtime/sql.ts'
import { type AvisoDeps, componerAviso } from './avisos.ts'
import { nombreDeQuienAtiende } from './dependencia.ts'
import type { DatosDeMovimiento } from './movimiento.ts'
import type { OutboxDone, OutboxRow } from './outbox.ts'
import type { Verbo } from './transiciones.ts'
import type { EnviarAlCiudadano } from './verbos/responder.ts'

/** What a notice needs of the outside. */
export interface NotificarDeps extends AvisoDeps {
  enviar: EnviarAlCiudadano
}

interface Cambio {
  verbo: Verbo
  notaPublica: string | null
  datos: DatosDeMovimiento
  folio: string
  asunto: string
  reservada: boolean
  dependenciaId: string | null
  conversationId: number
}

/** Writes the notice of a movimiento into the citizen's conversation; skipped when they want none, blocked us, or have no address. */
export async function notificarPendiente(em: EntityManager, row: OutboxRow, deps: NotificarDeps): Promise<OutboxDone> {
  const cambio = await sqlOne<Cambio>(em, CAMBIO, [row.movimientoId])
  const aviso = cambio && componerAviso(await novedad(em, cambio), deps)
  if (!aviso) return { status: 'skipped', messages: [] }
  return { status: 'done', messages: await deps.enviar(em, cambio.conversationId, [aviso]) }
}

// The dependencia of that moment, not of now: a notice tells what happened.
async function novedad(em: EntityManager, { notaPublica, datos, dependenciaId, ...cambio }: Cambio) {
  const dependencia = await nombreDeQuienAtiende(em, datos.dependencia ?? dependenciaId)
  return { ...cambio, dependencia, explicacion: notaPublica ?? '', resuelto: datos.resuelto }
}

const CAMBIO = `
select m.verbo, m.nota_publica as "notaPublica", m.datos, p.folio, p.asunto, p.reservada, p.dependencia_id as "dependenciaId",
       c.id as "conversationId"
  from movimiento m
  join peticion p on p.id = m.peticion_id
  join address a on a.id = p.address_id
  join conversation c on c.address_id = a.id
 where m.id = $1 and not p.anonima and a.avisos_baja_at is null and a.blocked_at is null`
