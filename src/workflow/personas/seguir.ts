import type { EntityManager } from '@mikro-orm/postgresql'
import type { PreguntaAbierta, SeguimientoServices } from '../../conversation/flows/seguimiento/services.ts'
import type { Estado, Opinion } from '../../conversation/flows/vocabulary.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { atencion, avisoDeEspera, esperaSola } from '../atencion/espera.ts'
import type { AvisoDeps } from '../avisos/avisos.ts'
import { nombreDeQuienAtiende } from '../catalogo/dependencia.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { transicionPermitida } from '../permisos.ts'
import { enlaceFirmado } from '../peticion/claves.ts'
import type { Movido } from '../peticion/paso.ts'
import { Rechazo } from '../peticion/rechazos.ts'
import { aclarar } from '../peticion/verbos/aclarar.ts'
import { cancelar } from '../peticion/verbos/cancelar.ts'
import { comentar } from '../peticion/verbos/comentar.ts'
import { dentroDeVentana, reabrir } from '../peticion/verbos/reabrir.ts'

/** The petitions, as `peticion p`, that the address `$1` asked for, or follows by a code: never an anonymous one, nor another's reserved one. */
export const SUYAS = `not p.anonima and (p.address_id = $1
  or (not p.reservada and p.address_id in (select sigue_a from seguimiento where address_id = $1)))`

const CIUDADANO = { tipo: 'ciudadano' } as const

interface Turno {
  id: number
  addressId: number
  channel: string
}

interface Deps extends AvisoDeps {
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
  preguntada: boolean
}

interface CerradaRow {
  id: number
  folio: string
  asunto: string
  reservada: boolean
  validadaAt: Date | null
}

/** What a citizen may do after the folio with what is theirs, in the transaction of `em`. */
export function seguimientoFor(em: EntityManager, turno: Turno, deps: Deps): SeguimientoServices {
  const { municipio } = deps
  const ctx = () => ({ ahora: deps.ahora(), reaperturaDias: municipio.reapertura_dias, municipio })
  const suya = (folio: string) => sqlOne<Suya>(em, SUYA, [turno.addressId, folio])
  const hacer = async (folio: string, verbo: (id: number) => Promise<Movido>) => {
    const una = await suya(folio)
    return una !== undefined && siSePuede(() => verbo(una.id))
  }
  return {
    async posibilidades(folio) {
      const una = await suya(folio)
      if (!una) return undefined
      const puede = (verbo: 'aclarar' | 'comentar' | 'cancelar' | 'reabrir') =>
        transicionPermitida(CIUDADANO, una, verbo) !== undefined
      return {
        contestar: puede('aclarar') && una.preguntada,
        comentar: puede('comentar'),
        retirar: puede('cancelar'),
        reabrir: puede('reabrir') && dentroDeVentana(una.validadaAt, ctx()),
        opinar: una.estado === 'VALIDADO' && !una.opinada,
      }
    },
    atencion: () => atencion(em, turno.id, deps),
    esperaSola: () => esperaSola(em, turno.id),
    avisoDeEspera: () => avisoDeEspera(em, turno.id, deps),
    preguntas: () => preguntas(em, turno.addressId, deps),
    async contestar(folio, { texto, archivos }) {
      const una = await sqlOne<{ id: number }>(em, PREGUNTADA, [turno.addressId, folio])
      const dicho = { texto, archivos, conversationId: turno.id }
      return una !== undefined && siSePuede(() => aclarar(em, una.id, CIUDADANO, dicho, ctx()))
    },
    comentar: (folio, { texto, archivos }) =>
      hacer(folio, (id) => comentar(em, id, CIUDADANO, { texto, archivos, conversationId: turno.id }, ctx())),
    retirar: (folio, motivo) => hacer(folio, (id) => cancelar(em, id, CIUDADANO, { motivo }, ctx())),
    async cerradas() {
      const rows = await sql<CerradaRow>(em, CERRADAS, [turno.addressId, null])
      return rows.map(({ folio, asunto, reservada, validadaAt }) => ({
        folio,
        asunto: reservada ? deps.mensajes.text('titulo.reservada') : asunto,
        reabrir: dentroDeVentana(validadaAt, ctx()),
      }))
    },
    async reabrir(folio, motivo) {
      const una = await sqlOne<CerradaRow>(em, CERRADAS, [turno.addressId, folio])
      return una !== undefined && siSePuede(() => reabrir(em, una.id, CIUDADANO, { motivo }, ctx()))
    },
    async opinar(folio, opinion) {
      const una = await suya(folio)
      if (una?.estado !== 'VALIDADO') return false
      await guardarOpinion(em, una.id, opinion, { medio: turno.channel, at: deps.ahora() })
      return true
    },
  }
}

async function preguntas(em: EntityManager, addressId: number, deps: Deps): Promise<PreguntaAbierta[]> {
  const rows = await sql<{
    folio: string
    asunto: string
    reservada: boolean
    pregunta: string
    dependenciaId: string | null
  }>(em, `${PREGUNTAS} order by c.id`, [addressId])
  return Promise.all(
    rows.map(async ({ folio, asunto, reservada, pregunta, dependenciaId }) => ({
      folio,
      asunto: reservada ? deps.mensajes.text('titulo.reservada') : asunto,
      pregunta: reservada ? undefined : pregunta,
      dependencia: await nombreDeQuienAtiende(em, dependenciaId),
      enlacePublico: enlaceFirmado(deps, folio),
    })),
  )
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
       exists (select from encuesta e where e.peticion_id = p.id) as opinada,
       exists (select from aclaracion c where c.peticion_id = p.id and c.cerrada_at is null) as preguntada
  from peticion p where p.folio = $2 and ${SUYAS}`

// A notice may have gone to another address of the same person, who asked for notices there: they answer where they read it.
const PREGUNTAS = `
select p.id, p.folio, p.asunto, p.reservada, c.pregunta, p.dependencia_id as "dependenciaId"
  from aclaracion c join peticion p on p.id = c.peticion_id
 where c.cerrada_at is null and not p.anonima and (${SUYAS} or (not p.reservada and p.ciudadano_id =
   (select a.ciudadano_id from address a where a.id = $1 and a.avisos_alta_at is not null)))`

// By their ids, so that each part finds its index. As with questions, the notice may have gone to another address of the same person.
const CERRADAS = `
select p.id, p.folio, p.asunto, p.reservada, p.validada_at as "validadaAt"
  from peticion p
 where p.estado = 'VALIDADO' and not p.anonima and ($2::text is null or p.folio = $2)
   and p.id in (
     select x.id from peticion x where x.address_id = $1
     union
     select x.id from peticion x join seguimiento s on s.sigue_a = x.address_id
      where s.address_id = $1 and not x.reservada
     union
     select x.id from peticion x join address a on a.ciudadano_id = x.ciudadano_id
      where a.id = $1 and a.avisos_alta_at is not null and not x.reservada)
 order by p.validada_at desc, p.id desc limit 20`

const PREGUNTADA = `${PREGUNTAS} and p.folio = $2`
