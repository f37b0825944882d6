import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Locale } from '../../conversation/state.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { nombreDeQuienAtiende } from '../catalogo/dependencia.ts'
import type { DatosDeMovimiento } from '../peticion/movimiento.ts'
import type { Verbo } from '../peticion/transiciones.ts'
import { type AvisoDeps, componerAviso } from './avisos.ts'

interface Cambio {
  verbo: Verbo
  notaPublica: string | null
  datos: DatosDeMovimiento
  folio: string
  asunto: string
  reservada: boolean
  dependenciaId: string | null
  locale: Locale | null
}

/** The notice of a movimiento; undefined when the citizen hears nothing of it. */
export async function avisoDeMovimiento(
  em: EntityManager,
  movimientoId: number,
  deps: AvisoDeps,
): Promise<OutboundMessage | undefined> {
  const cambio = await sqlOne<Cambio>(em, CAMBIO, [movimientoId])
  return cambio && componerAviso(await novedad(em, cambio), deps)
}

// The dependencia of that moment, not of now: a notice tells what happened.
async function novedad(em: EntityManager, { notaPublica, datos, dependenciaId, locale, ...cambio }: Cambio) {
  const dependencia = await nombreDeQuienAtiende(em, datos.dependencia ?? dependenciaId)
  return {
    ...cambio,
    dependencia,
    explicacion: notaPublica ?? '',
    locale: locale ?? undefined,
    resuelto: datos.resuelto,
  }
}

const CAMBIO = `
select m.verbo, m.nota_publica as "notaPublica", m.datos, p.folio, p.asunto, p.reservada, p.dependencia_id as "dependenciaId",
       c.locale
  from movimiento m join peticion p on p.id = m.peticion_id left join conversation c on c.address_id = p.address_id
 where m.id = $1 and not p.anonima`
