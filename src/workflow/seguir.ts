import type { EntityManager } from '@mikro-orm/postgresql'
import type { SeguimientoServices } from '../conversation/flows/seguimiento/services.ts'
import type { Estado, Opinion } from '../conversation/flows/vocabulary.ts'
import { sql, sqlOne } from '../runtime/sql.ts'
import type { Municipio } from './municipio.ts'
import type { Movido } from './paso.ts'
import { transicionPermitida } from './permisos.ts'
import { Rechazo } from './rechazos.ts'
import { cancelar } from './verbos/cancelar.ts'
import { comentar } from './verbos/comentar.ts'
import { dentroDeVentana, reabrir } from './verbos/reabrir.ts'

/** The petitions, as `peticion p`, that the address `$1` asked for, or follows by a code: never an anonymous one, nor another's reserved one. */
export const SUYAS = `not p.anonima and (p.address_id = $1
  or (not p.reservada and p.address_id in (select sigue_a from seguimiento where address_id = $1)))`

const CIUDADANO = { tipo: 'ciudadano' } as const

interface Turno {
  id: number
  addressId: number
  channel: string
}

interface Deps {
  municipio: Municipio
  ahora(): Date
}

interface Suya {
  id: number
  estado: Estado
  medio: string
  reservada: boolean
  validadaAt: Date | null
  opinada: boolean
}

/** What a citizen may do after the folio with what is theirs, in the transaction of `em`. */
export function seguimientoFor(em: EntityManager, turno: Turno, deps: Deps): SeguimientoServices {
  const ctx = () => ({ ahora: deps.ahora(), reaperturaDias: deps.municipio.reapertura_dias })
  const suya = (folio: string) => sqlOne<Suya>(em, SUYA, [turno.addressId, folio])
  const hacer = async (folio: string, verbo: (id: number) => Promise<Movido>) => {
    const una = await suya(folio)
    return una !== undefined && siSePuede(() => verbo(una.id))
  }
  return {
    async posibilidades(folio) {
      const una = await suya(folio)
      if (!una) return undefined
      const puede = (verbo: 'comentar' | 'cancelar' | 'reabrir') =>
        transicionPermitida(CIUDADANO, una, verbo) !== undefined
      return {
        comentar: puede('comentar'),
        retirar: puede('cancelar'),
        reabrir: puede('reabrir') && dentroDeVentana(una.validadaAt, ctx()),
        opinar: una.estado === 'VALIDADO' && !una.opinada,
      }
    },
    comentar: (folio, { texto, archivos }) =>
      hacer(folio, (id) => comentar(em, id, CIUDADANO, { texto, archivos, conversationId: turno.id }, ctx())),
    retirar: (folio, motivo) => hacer(folio, (id) => cancelar(em, id, CIUDADANO, { motivo }, ctx())),
    reabrir: (folio, motivo) => hacer(folio, (id) => reabrir(em, id, CIUDADANO, { motivo }, ctx())),
    async opinar(folio, opinion) {
      const una = await suya(folio)
      if (una?.estado !== 'VALIDADO') return false
      await guardarOpinion(em, una.id, opinion, { medio: turno.channel, at: deps.ahora() })
      return true
    },
  }
}

/** false when the petition was changed meanwhile so that it cannot be done; a verb that refuses wrote nothing. */
async function siSePuede(hacer: () => Promise<Movido>): Promise<boolean> {
  try {
    await hacer()
    return true
  } catch (error) {
    if (error instanceof Rechazo) return false
    throw error
  }
}

async function guardarOpinion(
  em: EntityManager,
  peticionId: number,
  { resuelto, calificacion, motivo, comentario }: Opinion,
  { medio, at }: { medio: string; at: Date },
): Promise<void> {
  await sql(
    em,
    `insert into encuesta as e (peticion_id, resuelto, calificacion, motivo, comentario, medio, at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (peticion_id) do update
        set resuelto = excluded.resuelto, calificacion = excluded.calificacion, motivo = excluded.motivo,
            comentario = excluded.comentario`,
    [peticionId, resuelto, calificacion ?? null, motivo ?? null, comentario ?? null, medio, at],
  )
}

const SUYA = `
select p.id, p.estado, p.medio, p.reservada, p.validada_at as "validadaAt",
       exists (select from encuesta e where e.peticion_id = p.id) as opinada
  from peticion p where p.folio = $2 and ${SUYAS}`
