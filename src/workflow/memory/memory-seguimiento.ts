import type { SeguimientoServices } from '../../conversation/flows/seguimiento/services.ts'
import type { Estado, Opinion } from '../../conversation/flows/vocabulary.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import { atencionEn } from '../atencion/atencion.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { ABIERTOS } from '../peticion/filtro.ts'
import type { Memory, MemoryOptions, Registrada } from './memory-services.ts'

/** When the staff attends. */
export type Horario = Pick<Municipio, 'horario' | 'zona_horaria'>

/** What was done with petitions after their folio, as a reader of a transcript should see it. */
export type Hecho = { folio: string } & (
  | { agrega: string; archivos: number }
  | { contesta: string; archivos: number }
  | { retira: string }
  | { reabre: string }
  | { opina: Opinion }
)

/** Monday to Friday, as the settings that ship have it. */
const HORARIO: Horario = {
  zona_horaria: 'America/Mexico_City',
  horario: [{ dias: ['lunes', 'martes', 'miercoles', 'jueves', 'viernes'], de: '08:00', a: '16:00' }],
}

const ABIERTA: readonly Estado[] = ABIERTOS

/** What may be done after the folio, without a database. */
export function memorySeguimiento(
  memory: Memory,
  { mensajes, horario = HORARIO, now }: Pick<MemoryOptions, 'mensajes' | 'horario' | 'now'>,
): SeguimientoServices {
  const atencion = () => {
    const cuando = atencionEn(now(), horario, new Set())
    if (!cuando.abierto && memory.esperaDicha === undefined) memory.esperaDicha = cuando.fecha
    return cuando
  }
  const suya = (folio: string) =>
    memory.registradas.find(({ borrador, vista }) => vista.folio === folio && !borrador.anonima)
  const opinada = (folio: string) => memory.hechos.some((hecho) => hecho.folio === folio && 'opina' in hecho)
  const si = (folio: string, de: readonly Estado[], hacer: (una: Registrada) => void): boolean => {
    const una = suya(folio)
    if (!una || !de.includes(una.vista.estado)) return false
    hacer(una)
    return true
  }
  return {
    async posibilidades(folio) {
      const estado = suya(folio)?.vista.estado
      if (estado === undefined) return undefined
      const abierta = ABIERTA.includes(estado)
      return {
        contestar: memory.preguntas.has(folio),
        comentar: abierta || estado === 'CONCLUIDO',
        retirar: abierta,
        reabrir: estado === 'VALIDADO' && !memory.vencidas.has(folio),
        opinar: estado === 'VALIDADO' && !opinada(folio),
      }
    },
    atencion: async () => atencion(),
    esperaSola: async () => !memory.atendida,
    async avisoDeEspera() {
      const cuando = atencion()
      const clave = cuando.abierto ? '' : cuando.fecha
      if (cuando.abierto || memory.atendida || memory.esperaDicha === clave) return undefined
      memory.esperaDicha = clave
      return cuando
    },
    async preguntas() {
      return [...memory.preguntas].flatMap(([folio, pregunta]) => {
        const vista = suya(folio)?.vista
        if (!vista) return []
        const { asunto, enlacePublico, dependencia } = vista
        return [{ folio, asunto, enlacePublico, pregunta, dependencia: dependencia ?? '' }]
      })
    },
    contestar: async (folio, { texto, archivos }) =>
      memory.preguntas.delete(folio) &&
      si(folio, ABIERTA, () => memory.hechos.push({ folio, contesta: texto, archivos: archivos.length })),
    comentar: async (folio, { texto, archivos }) =>
      si(folio, [...ABIERTA, 'CONCLUIDO'], () =>
        memory.hechos.push({ folio, agrega: texto, archivos: archivos.length }),
      ),
    retirar: async (folio, motivo) =>
      si(folio, ABIERTA, (una) => {
        pasar(una, 'CANCELADO', mensajes)
        memory.hechos.push({ folio, retira: motivo })
      }),
    cerradas: async () =>
      memory.registradas
        .filter(({ borrador, vista }) => vista.estado === 'VALIDADO' && !borrador.anonima)
        .map(({ vista: { folio, asunto } }) => ({ folio, asunto, reabrir: !memory.vencidas.has(folio) }))
        .toReversed(),
    reabrir: async (folio, motivo) =>
      !memory.vencidas.has(folio) &&
      si(folio, ['VALIDADO'], (una) => {
        pasar(una, 'PROCESO', mensajes)
        memory.hechos.push({ folio, reabre: motivo })
      }),
    opinar: async (folio, opinion) =>
      si(folio, ['VALIDADO'], () => {
        memory.hechos = memory.hechos.filter((hecho) => hecho.folio !== folio || !('opina' in hecho))
        memory.hechos.push({ folio, opina: opinion })
      }),
  }
}

/** The petition is in another state from now on. */
export function pasar(una: Registrada, estado: Estado, mensajes: Mensajes): void {
  una.vista = { ...una.vista, estado, estadoTexto: mensajes.text(`estados.${estado}`) }
}
