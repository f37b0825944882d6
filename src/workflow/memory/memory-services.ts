import type { Services } from '../../conversation/flows/services.ts'
import type { BorradorPeticion, PeticionVista } from '../../conversation/flows/vocabulary.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import type { Answers } from '../../conversation/state.ts'
import type { VistasDeCatalogo } from '../catalogo/vistas-de-catalogo.ts'
import { formatFolio, generarClave, parseClave, parseFolio } from '../peticion/folio.ts'
import { type CercaniaMemory, memoryCercania, sumadas } from './memory-cercania.ts'
import { type Hecho, type Horario, memorySeguimiento } from './memory-seguimiento.ts'

/** A petition as it was handed in, with what the citizen was given. */
export interface Registrada {
  borrador: BorradorPeticion
  clave: string
  vista: PeticionVista & { enlacePublico: string }
}

/** What happened outside the conversation. */
export interface Memory extends CercaniaMemory {
  registradas: Registrada[]
  /** What was done with them since. */
  hechos: Hecho[]
  /** Until when they were told that nobody attends. */
  esperaDicha?: string
  /** Somebody of the staff took the conversation. */
  atendida?: boolean
  /** What the staff asks, by folio. */
  preguntas: Map<string, string>
  /** Folios closed for too long to be opened again. */
  vencidas: Set<string>
  arco: string[]
  /** Categories about which somebody was told whom to ask. */
  orientaciones: string[]
  aviso: string | undefined
  /** Whether notices may come here; undefined while nobody said. */
  avisos: boolean | undefined
  /** Nobody is written to unasked. */
  soloContesta: boolean
  /** Codes of other accounts, as they are typed without dashes: where they were given, and the answers they carry. */
  codigos: Map<string, { canal: string; answers?: Answers }>
}

/** What services without a database are made with; `random(n)` gives a whole number from 0 to n - 1. */
export interface MemoryOptions extends VistasDeCatalogo {
  mensajes: Mensajes
  horario?: Horario
  prefijo: string
  publicUrl: string
  now(): Date
  random?: (max: number) => number
}

/** Services that keep everything in memory: for a conversation in the terminal and for transcripts. */
export function memoryServices(options: MemoryOptions): { services: Services; memory: Memory } {
  const { prefijo, now, categorias, grupos, colonias } = options
  const memory: Memory = {
    registradas: [],
    hechos: [],
    preguntas: new Map(),
    vencidas: new Set(),
    arco: [],
    orientaciones: [],
    cercanas: [],
    sumadas: [],
    avisosActivos: [],
    oidos: 0,
    avisarAlTerminar: [],
    aviso: undefined,
    avisos: undefined,
    soloContesta: false,
    codigos: new Map(),
  }
  const services: Services = {
    now,
    categorias: () => categorias,
    grupos: () => grupos,
    colonias: () => colonias,
    leerFolio: (texto) => parseFolio(texto, prefijo),
    leerClave: parseClave,
    async registrar(borrador) {
      const una = registrada(borrador, siguienteFolio(memory, options), options)
      memory.registradas.push(una)
      const { folio, enlacePublico } = una.vista
      const plazoDias = categorias.find(({ id }) => id === borrador.categoria)?.plazoDias ?? 0
      return { folio, clave: una.clave, enlacePublico, plazoDias }
    },
    async misPeticiones(limit) {
      const propias = memory.registradas.filter(({ borrador }) => !borrador.anonima)
      const vistas = propias.map(({ vista }) => vista)
      return [...vistas.toReversed(), ...sumadas(memory)].slice(0, limit)
    },
    consultar: async (folio, clave) =>
      memory.registradas.find((una) => una.vista.folio === folio && una.clave === clave)?.vista,
    async aceptarAviso(version) {
      memory.aviso = version
    },
    async avisos(quiere) {
      memory.avisos = quiere
    },
    faltaConsentimiento: async () => memory.soloContesta && memory.avisos === undefined,
    ...memoryCercania(memory),
    ...memorySeguimiento(memory, options),
    ...codigos(memory, options),
    async anotarOrientacion(categoria) {
      memory.orientaciones.push(categoria)
    },
    async solicitarArco(descripcion) {
      const folio = siguienteFolio(memory, options)
      memory.arco.push(descripcion)
      return { folio }
    },
  }
  return { services, memory }
}

/** The own code is told from those that came from elsewhere; each is used up by the first who types it. */
function codigos(
  { codigos }: Memory,
  { random }: MemoryOptions,
): Pick<Services, 'crearCodigo' | 'usarCodigo' | 'descartarCodigo' | 'traer'> {
  let propio: string | undefined
  const traidos: { canal: string; answers?: Answers }[] = []
  return {
    async crearCodigo() {
      propio = `${generarClave(random).slice(0, 6)}42`
      return `${propio.slice(0, 4)}-${propio.slice(4)}`
    },
    async usarCodigo(codigo) {
      if (codigo === propio) return { kind: 'propio' }
      const found = codigos.get(codigo)
      if (!found) return { kind: 'no_vale' }
      codigos.delete(codigo)
      const { canal, answers } = found
      const borrador = answers && { flow: 'registrar', flowVersion: 1, answers }
      return { kind: 'valido', traspaso: traidos.push(found) - 1, canal, ...(borrador && { borrador }) }
    },
    descartarCodigo: async () => undefined,
    async traer(traspaso, { desde }) {
      const answers = traidos[traspaso]?.answers
      return { avisoVersion: null, ...(answers && { borrador: { ...answers, desde: desde.toISOString() } }) }
    },
  }
}

/** Folios begin at 4217, so that they look like those of a town in its tenth month. */
function siguienteFolio({ registradas, arco }: Memory, { prefijo, now }: MemoryOptions): string {
  return formatFolio({ prefijo, anio: now().getFullYear(), secuencia: 4217 + registradas.length + arco.length })
}

function registrada(borrador: BorradorPeticion, folio: string, options: MemoryOptions): Registrada {
  const { mensajes, publicUrl, now, random } = options
  const categoria = options.categorias.find(({ id }) => id === borrador.categoria)
  const vista = {
    folio,
    asunto: categoria?.nombre ?? borrador.categoria,
    estado: 'CANALIZADO' as const,
    estadoTexto: mensajes.text('estados.CANALIZADO'),
    dependencia: categoria?.dependencia ?? null,
    registradaEl: now(),
    ultimaNovedad: null,
    enlacePublico: new URL(`/folio/${folio}`, publicUrl).href,
  }
  return { borrador, clave: generarClave(random), vista }
}
