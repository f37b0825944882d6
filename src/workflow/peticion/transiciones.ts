import { ESTADOS, type Estado } from '../../conversation/flows/vocabulary.ts'
import type { Rol } from '../actor.ts'

/** Everything that may be done to a petition, in the order of its path. */
export const VERBOS = [
  'registrar',
  'valorar',
  'canalizar',
  'recanalizar',
  'devolver',
  'recibir',
  'procesar',
  'concluir',
  'validar',
  'rechazar',
  'reabrir',
  'orientar',
  'cancelar',
  'preguntar',
  'aclarar',
  'recordar',
  'reanudar',
  'responder',
  'comentar',
  'anotar',
] as const

export type Verbo = (typeof VERBOS)[number]

/** Who may do it: a role of the staff, the citizen who asked, or the program itself. */
export type Parte = Rol | 'ciudadano' | 'sistema'

/** One line of the table: from these states the verb leads to `a`, or leaves the state as it is when `a` is null. */
export interface Transicion {
  verbo: Verbo
  /** null: there is no petition yet. */
  de: readonly (Estado | null)[]
  a: Estado | null
  quien: readonly Parte[]
  /** Only with the dependencia's answer on paper attached. */
  conOficio?: true
}

const EN_TRAMITE = ['CANALIZADO', 'RECIBIDO', 'PROCESO'] as const

/** The table verb × from × to × who; docs/transiciones.md says the same, and a test compares them. */
export const TRANSICIONES: readonly Transicion[] = [
  { verbo: 'registrar', de: [null], a: 'REGISTRADO', quien: ['ciudadano', 'capturista', 'comunicacion', 'validador'] },
  // Only what the municipality values first, and once.
  { verbo: 'valorar', de: ['REGISTRADO'], a: null, quien: ['validador', 'capturista'] },
  { verbo: 'canalizar', de: ['REGISTRADO'], a: 'CANALIZADO', quien: ['sistema', 'validador'] },
  { verbo: 'recanalizar', de: EN_TRAMITE, a: 'CANALIZADO', quien: ['validador'] },
  { verbo: 'devolver', de: ['CANALIZADO', 'RECIBIDO'], a: 'REGISTRADO', quien: ['enlace'] },
  { verbo: 'recibir', de: ['CANALIZADO'], a: 'RECIBIDO', quien: ['enlace'] },
  { verbo: 'procesar', de: ['RECIBIDO'], a: 'PROCESO', quien: ['enlace'] },
  { verbo: 'concluir', de: ['PROCESO'], a: 'CONCLUIDO', quien: ['enlace'] },
  { verbo: 'concluir', de: EN_TRAMITE, a: 'CONCLUIDO', quien: ['validador'], conOficio: true },
  // Together with the one it is gathered under, by whoever may conclude that.
  { verbo: 'concluir', de: EN_TRAMITE, a: 'CONCLUIDO', quien: ['sistema'] },
  { verbo: 'validar', de: ['CONCLUIDO'], a: 'VALIDADO', quien: ['validador'] },
  { verbo: 'rechazar', de: ['CONCLUIDO'], a: 'PROCESO', quien: ['validador'] },
  { verbo: 'reabrir', de: ['VALIDADO'], a: 'PROCESO', quien: ['ciudadano', 'validador'] },
  { verbo: 'orientar', de: ['REGISTRADO', 'CANALIZADO'], a: 'ORIENTADA', quien: ['validador'] },
  { verbo: 'cancelar', de: ['REGISTRADO', ...EN_TRAMITE], a: 'CANCELADO', quien: ['ciudadano', 'validador'] },
  { verbo: 'cancelar', de: ['REGISTRADO', 'CANALIZADO'], a: 'CANCELADO', quien: ['capturista', 'comunicacion'] },
  { verbo: 'preguntar', de: ['REGISTRADO', ...EN_TRAMITE], a: null, quien: ['validador'] },
  { verbo: 'preguntar', de: ['RECIBIDO', 'PROCESO'], a: null, quien: ['enlace'] },
  { verbo: 'aclarar', de: ['REGISTRADO', ...EN_TRAMITE], a: null, quien: ['ciudadano'] },
  { verbo: 'recordar', de: ['REGISTRADO', ...EN_TRAMITE], a: null, quien: ['sistema'] },
  { verbo: 'reanudar', de: ['REGISTRADO', ...EN_TRAMITE], a: null, quien: ['sistema'] },
  { verbo: 'responder', de: ESTADOS, a: null, quien: ['enlace', 'validador', 'capturista', 'comunicacion'] },
  { verbo: 'comentar', de: ['REGISTRADO', ...EN_TRAMITE, 'CONCLUIDO'], a: null, quien: ['ciudadano'] },
  { verbo: 'anotar', de: ESTADOS, a: null, quien: ['enlace', 'titular', 'validador', 'capturista', 'comunicacion'] },
]
