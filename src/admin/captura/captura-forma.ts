import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import type {
  BorradorPeticion,
  DatoGeneral,
  Exigencia,
  Pregunta,
  Requisito,
} from '../../conversation/flows/vocabulary.ts'
import { sql } from '../../runtime/sql.ts'
import { type Errores, type Escrito, typed } from '../form.ts'

/** A category as the form of capture asks by it. */
export interface CategoriaCapturable {
  id: string
  nombre: string
  grupo: string
  dependencia: string
  plazoDias: number
  descripcion: Exigencia | 'requerida'
  foto: 'recomendada' | 'opcional' | 'no'
  anonima: boolean
  reservada: boolean
  aviso: string | null
  orientacion: string | null
  /** What people call it. */
  palabras: string[]
  preguntas: Pregunta[]
  datos: Partial<Record<DatoGeneral, Exigencia>>
  requisitos: Requisito[]
}

/** In the order in which they are asked. */
export const DATOS: readonly DatoGeneral[] = [
  'nombre',
  'telefono',
  'email',
  'colonia',
  'calle',
  'numero',
  'referencias',
]
const DE_LA_PERSONA: readonly DatoGeneral[] = ['nombre', 'telefono', 'email']

/** What staff may capture, in the menu's order. */
export function categoriasCapturables(em: EntityManager): Promise<CategoriaCapturable[]> {
  return sql(
    em,
    `select c.id, c.nombre, c.grupo, d.nombre as dependencia, c.plazo_dias as "plazoDias", c.descripcion, c.foto, c.anonima,
            c.reservada, c.aviso, c.orientacion, c.palabras, c.preguntas, c.datos, c.requisitos
       from categoria c join dependencia d on d.id = c.dependencia_id
      where c.retirada_at is null order by c.orden, c.nombre`,
  )
}

const general = z.object({
  captura: z.uuid(),
  medio: z.string().max(60).default(''),
  programa: z.string().max(60).default(''),
  modulo: z.string().max(60).default(''),
  descripcion: z.string().trim().max(4000).default(''),
  anonima: z.literal('si').optional(),
})

/** How it came, as the form says it. */
export interface ComoLlego {
  captura: string
  medio: string
  programa: string | undefined
  modulo: string | undefined
}

/** A form of capture: what is to be registered, still without its files, or what is wrong. */
export type Captura =
  | { ok: true; borrador: BorradorPeticion; llego: ComoLlego }
  | { ok: false; errores: Errores; escrito: Escrito }

/** Reads the form by the rules of its category, the same ones the bot asks by. `conArchivo`: requisitos that came as files. */
export function leerCaptura(categoria: CategoriaCapturable, body: unknown, conArchivo: ReadonlySet<string>): Captura {
  const escrito = typed(body)
  const read = general.safeParse(body)
  if (!read.success) return { ok: false, errores: { forma: 'captura' }, escrito }
  const { captura, medio, programa, modulo, descripcion } = read.data
  const anonima = categoria.anonima && read.data.anonima === 'si'
  const datos = textosDe(escrito, 'dato', datosDe(categoria, anonima))
  const respuestas = textosDe(
    escrito,
    'pregunta',
    categoria.preguntas.map((one) => one.id),
  )
  const requisitos = textosDe(
    escrito,
    'requisito',
    categoria.requisitos.map((one) => one.id),
  )
  const errores: Errores = {
    ...(medio === '' ? { medio: 'falta_medio' } : {}),
    ...(categoria.descripcion === 'requerida' && descripcion === '' ? { descripcion: 'falta' } : {}),
    ...datosQueFaltan(categoria, anonima, datos),
    ...preguntasMal(categoria.preguntas, respuestas),
    ...requisitosQueFaltan(categoria.requisitos, requisitos, conArchivo),
  }
  if (Object.keys(errores).length > 0) return { ok: false, errores, escrito }
  const borrador = {
    categoria: categoria.id,
    descripcion: descripcion || categoria.nombre,
    datos,
    respuestas,
    requisitos,
    fotos: [],
    anonima,
  }
  return { ok: true, borrador, llego: { captura, medio, programa: programa || undefined, modulo: modulo || undefined } }
}

/** What is asked of the person and the place; nothing of the person for an anonymous report. */
function datosDe({ datos }: CategoriaCapturable, anonima: boolean): DatoGeneral[] {
  return DATOS.filter((dato) => (datos[dato] ?? 'no') !== 'no' && !(anonima && DE_LA_PERSONA.includes(dato)))
}

function textosDe<Name extends string>(
  escrito: Escrito,
  prefijo: string,
  names: Name[],
): Partial<Record<Name, string>> & Record<string, string> {
  const filled = names.flatMap((name): [string, string][] => {
    const value = escrito[`${prefijo}_${name}`]
    const text = typeof value === 'string' ? value.trim().slice(0, 500) : ''
    return text === '' ? [] : [[name, text]]
  })
  return Object.fromEntries(filled) as Partial<Record<Name, string>> & Record<string, string>
}

function datosQueFaltan(
  categoria: CategoriaCapturable,
  anonima: boolean,
  datos: Partial<Record<DatoGeneral, string>>,
): Errores {
  const missing = datosDe(categoria, anonima).filter((dato) => categoria.datos[dato] === 'requerido' && !datos[dato])
  const wrongEmail = datos.email !== undefined && !z.email().safeParse(datos.email).success
  return Object.fromEntries([
    ...missing.map((dato) => [`dato_${dato}`, 'falta']),
    ...(wrongEmail ? [['dato_email', 'email']] : []),
  ])
}

function preguntasMal(preguntas: Pregunta[], respuestas: Record<string, string>): Errores {
  const wrong = preguntas.flatMap(({ id, tipo, opciones, obligatoria }): [string, string][] => {
    const value = respuestas[id]
    if (value === undefined) return obligatoria ? [[`pregunta_${id}`, 'falta']] : []
    const fits =
      (tipo !== 'opcion' || opciones?.includes(value)) &&
      (tipo !== 'numero' || /^\d+([.,]\d+)?$/.test(value)) &&
      (tipo !== 'fecha' || z.iso.date().safeParse(value).success)
    return fits ? [] : [[`pregunta_${id}`, 'opcion']]
  })
  return Object.fromEntries(wrong)
}

function requisitosQueFaltan(
  requisitos: Requisito[],
  dados: Record<string, string>,
  conArchivo: ReadonlySet<string>,
): Errores {
  const missing = requisitos.filter(({ id, obligatorio }) => obligatorio && !dados[id] && !conArchivo.has(id))
  return Object.fromEntries(missing.map(({ id }) => [`requisito_${id}`, 'falta_requisito']))
}
