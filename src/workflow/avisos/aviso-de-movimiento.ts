import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import type { OutboundMessage } from '../../channels/message.ts'
import { fechaEscrita } from '../../conversation/flows/idioma/fechas.ts'
import type { Locale } from '../../conversation/state.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { nombreDeQuienAtiende } from '../catalogo/dependencia.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import type { DatosDeMovimiento } from '../peticion/movimiento.ts'
import type { Verbo } from '../peticion/transiciones.ts'
import { type AvisoDeps, componerAviso, type Novedad } from './avisos.ts'

interface Cambio {
  verbo: Verbo
  at: Date
  notaPublica: string | null
  datos: DatosDeMovimiento
  folio: string
  asunto: string
  reservada: boolean
  dependenciaId: string | null
  locale: Locale | null
}

/** What a notice of a movimiento needs: also how long a closed petition can be opened again. */
interface Deps extends AvisoDeps {
  municipio: Pick<Municipio, 'reapertura_dias' | 'zona_horaria'>
}

/** The notice of a movimiento; undefined when the citizen hears nothing of it. */
export async function avisoDeMovimiento(
  em: EntityManager,
  movimientoId: number,
  deps: Deps,
): Promise<OutboundMessage | undefined> {
  const cambio = await sqlOne<Cambio>(em, CAMBIO, [movimientoId])
  return cambio && componerAviso(await novedad(em, cambio, deps.municipio), deps)
}

// The dependencia of that moment, not of now: a notice tells what happened.
async function novedad(em: EntityManager, cambio: Cambio, municipio: Deps['municipio']): Promise<Novedad> {
  const { verbo, folio, asunto, reservada, notaPublica, datos, dependenciaId, locale } = cambio
  const dependencia = await nombreDeQuienAtiende(em, datos.dependencia ?? dependenciaId)
  return {
    verbo,
    folio,
    asunto,
    reservada,
    dependencia,
    explicacion: notaPublica ?? '',
    locale: locale ?? undefined,
    resuelto: datos.resuelto,
    ...(verbo === 'validar' && { fecha: hasta(cambio.at, municipio, locale ?? 'es') }),
  }
}

/** `6 de diciembre`: the day on which the time to open it again ends; the whole day before it still counts. */
function hasta(validadaAt: Date, { reapertura_dias: dias, zona_horaria: zone }: Deps['municipio'], locale: Locale) {
  return fechaEscrita(DateTime.fromJSDate(validadaAt, { zone }).plus({ hours: 24 * dias }), 'dia', locale)
}

const CAMBIO = `
select m.verbo, m.at, m.nota_publica as "notaPublica", m.datos, p.folio, p.asunto, p.reservada, p.dependencia_id as "dependenciaId",
       c.locale
  from movimiento m join peticion p on p.id = m.peticion_id left join conversation c on c.address_id = p.address_id
 where m.id = $1 and not p.anonima`
