import type { Services } from '../../conversation/flows/services.ts'
import type { BorradorPeticion, PeticionVista } from '../../conversation/flows/vocabulary.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import { formatFolio, generarClave, parseClave, parseFolio } from '../../workflow/folio.ts'
import type { VistasDeCatalogo } from '../../workflow/vistas-de-catalogo.ts'

/** A petition as it was handed in, with what the citizen was given. */
export interface Registrada {
  borrador: BorradorPeticion
  clave: string
  vista: PeticionVista
}

/** What happened outside the conversation. */
export interface Memory {
  registradas: Registrada[]
  arco: string[]
  aviso: string | undefined
  avisos: boolean
}

/** What services without a database are made with; `random(n)` gives a whole number from 0 to n - 1. */
export interface MemoryOptions extends VistasDeCatalogo {
  mensajes: Mensajes
  prefijo: string
  publicUrl: string
  now(): Date
  random?: (max: number) => number
}

/** Services that keep everything in memory: for a conversation in the terminal and for transcripts. */
export function memoryServices(options: MemoryOptions): { services: Services; memory: Memory } {
  const { mensajes, prefijo, publicUrl, now } = options
  const memory: Memory = { registradas: [], arco: [], aviso: undefined, avisos: true }
  const registrar = (borrador: BorradorPeticion): Registrada => {
    const secuencia = 4217 + memory.registradas.length + memory.arco.length
    const folio = formatFolio({ prefijo, anio: now().getFullYear(), secuencia })
    const categoria = options.categorias.find(({ id }) => id === borrador.categoria)
    const vista: PeticionVista = {
      folio,
      asunto: categoria?.nombre ?? borrador.categoria,
      estado: 'CANALIZADO',
      estadoTexto: mensajes.text('estados.CANALIZADO'),
      dependencia: categoria?.dependencia ?? null,
      registradaEl: now(),
      ultimaNovedad: null,
      enlacePublico: new URL(`/folio/${folio}`, publicUrl).href,
    }
    return { borrador, clave: generarClave(options.random), vista }
  }
  const services: Services = {
    now,
    categorias: () => options.categorias,
    grupos: () => options.grupos,
    colonias: () => options.colonias,
    leerFolio: (texto) => parseFolio(texto, prefijo),
    leerClave: parseClave,
    async registrar(borrador) {
      const una = registrar(borrador)
      memory.registradas.push(una)
      const { folio, enlacePublico } = una.vista
      const plazoDias = options.categorias.find(({ id }) => id === borrador.categoria)?.plazoDias ?? 0
      return { folio, clave: una.clave, enlacePublico, plazoDias }
    },
    async misPeticiones(limit) {
      const propias = memory.registradas.filter(({ borrador }) => !borrador.anonima)
      return propias
        .map(({ vista }) => vista)
        .toReversed()
        .slice(0, limit)
    },
    consultar: async (folio, clave) =>
      memory.registradas.find((una) => una.vista.folio === folio && una.clave === clave)?.vista,
    async aceptarAviso(version) {
      memory.aviso = version
    },
    async avisos(quiere) {
      memory.avisos = quiere
    },
    async solicitarArco(descripcion) {
      memory.arco.push(descripcion)
      const secuencia = 4217 + memory.registradas.length + memory.arco.length
      return { folio: formatFolio({ prefijo, anio: now().getFullYear(), secuencia }) }
    },
  }
  return { services, memory }
}
