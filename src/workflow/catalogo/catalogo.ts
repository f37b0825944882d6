import { z } from 'zod'
import { checkReferencias } from './catalogo-referencias.ts'
import { siNo } from './si-no.ts'

/** The longest text we put into one message for a citizen. */
const TEXTO = 300

const codigo = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'expected a code of capital letters, digits and _, such as AGUA_FUGA')
const id = z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected an id of small letters, digits and _, such as numero_poste')
const texto = z.string().trim().min(1).max(TEXTO)
const nombre = z.string().trim().min(1).max(100)
const palabras = z.array(z.string().trim().min(1))

const verificacion = z.enum(['verificado_altamira', 'verificado_parcial', 'ejemplo_tipico']).optional()
const uso = z.enum(['requerido', 'opcional', 'no'])

const datos = z.strictObject({
  nombre: uso,
  telefono: uso,
  colonia: uso,
  calle: uso,
  numero: uso,
  referencias: uso,
  email: uso,
})

const pregunta = z
  .strictObject({
    id,
    texto,
    tipo: z.enum(['opcion', 'texto', 'numero', 'si_no', 'fecha']),
    opciones: z.array(z.string().trim().min(1).max(60)).min(2).max(7).optional(),
    obligatoria: siNo.default(true),
    siempre: siNo.default(false),
  })
  .superRefine((value, context) => {
    if ((value.tipo === 'opcion') === (value.opciones !== undefined)) return
    const message =
      value.tipo === 'opcion'
        ? 'missing; a question of tipo opcion needs a list'
        : 'only a question of tipo opcion has them'
    context.addIssue({ code: 'custom', path: ['opciones'], message })
  })

const requisito = z.strictObject({
  id,
  nombre,
  ayuda: texto.optional(),
  tipo: z.enum(['documento', 'dato']),
  obligatorio: siNo.default(true),
})

const grupo = z.strictObject({ codigo, nombre: z.string().trim().min(1).max(40) })

const dependencia = z
  .strictObject({
    codigo,
    nombre,
    tipo: z.enum(['municipal', 'organismo_descentralizado', 'externo']),
    recibe_peticiones: siNo.default(true),
    depende_de: codigo.optional(),
    orientacion: texto.optional(),
    verificacion,
    nota: z.string().optional(),
  })
  .superRefine((value, context) => {
    if (value.tipo !== 'externo') return
    if (value.recibe_peticiones)
      context.addIssue({ code: 'custom', path: ['recibe_peticiones'], message: 'expected no for an external one' })
    if (!value.orientacion)
      context.addIssue({
        code: 'custom',
        path: ['orientacion'],
        message: 'missing; an external one needs the words that tell the citizen whom to ask',
      })
  })

const categoria = z
  .strictObject({
    codigo,
    nombre,
    grupo: codigo,
    dependencia: codigo,
    apoyo: z.array(codigo).default([]),
    plazo_dias: z.int().min(1).max(365),
    prioridad: z.enum(['baja', 'media', 'alta', 'urgente']),
    ubicacion: z.enum(['requerida', 'opcional', 'no']),
    foto: z.enum(['recomendada', 'opcional', 'no']),
    descripcion: z.enum(['requerida', 'opcional', 'no']).default('requerida'),
    cercania_m: z.int().min(0).max(5000).optional(),
    anonima: siNo.default(false),
    reservada: siNo.default(false),
    interna: siNo.default(false),
    frecuente: siNo.default(false),
    cerrada: siNo.default(false),
    /** Said in Spanish also to who writes English: catalogo.en.yaml need not have it. */
    solo_espanol: siNo.default(false),
    aviso: texto.optional(),
    orientacion: texto.optional(),
    orienta_a: codigo.optional(),
    palabras,
    datos,
    preguntas: z.array(pregunta).default([]),
    requisitos: z.array(requisito).default([]),
    acciones: z.array(nombre).default([]),
    verificacion,
    nota: z.string().optional(),
  })
  .superRefine((value, context) => {
    for (const dato of ['nombre', 'telefono', 'email'] as const) {
      if (!value.anonima || value.datos[dato] !== 'requerido') continue
      context.addIssue({
        code: 'custom',
        path: ['datos', dato],
        message: 'expected opcional or no, because the category is anonima',
      })
    }
    if (value.ubicacion === 'requerida' && value.datos.colonia === 'no') {
      context.addIssue({
        code: 'custom',
        path: ['datos', 'colonia'],
        message: 'expected requerido or opcional, because ubicacion is requerida',
      })
    }
  })

const colonia = z.strictObject({
  nombre,
  tipo: z.string().default('Colonia'),
  cp: z
    .union([z.string(), z.int()])
    .transform(String)
    .pipe(z.string().regex(/^(\d{5})?$/, 'expected five digits'))
    .default(''),
  zona: z.string().default(''),
  latitud: z.number().min(-90).max(90).optional(),
  longitud: z.number().min(-180).max(180).optional(),
  verificacion,
  nota: z.string().optional(),
})

const emergencias = z.strictObject({
  contactos: z
    .array(
      z.strictObject({ numero: z.string().regex(/^\d{3,10}$/, 'expected a telephone number in quotes'), uso: texto }),
    )
    .min(1),
  frases: palabras.min(1),
  no_emergencia_si: palabras.default([]),
})

const palabrasGlobales = z.strictObject({
  menu: palabras.min(1),
  cancelar: palabras.min(1),
  atras: palabras.min(1),
  ayuda: palabras.min(1),
  asesor: palabras.min(1),
  folio: palabras.min(1),
  reabrir: palabras.min(1).default(['reabrir']),
  privacidad: palabras.min(1),
  baja: palabras.min(1),
  alta: palabras.min(1),
  otro_canal: palabras.min(1).default(['otro canal']),
  ingles: palabras.min(1).default(['english', 'ingles']),
  espanol: palabras.min(1).default(['español', 'spanish']),
})

const archivo = z
  .strictObject({
    emergencias,
    palabras_globales: palabrasGlobales,
    grupos: z.array(grupo).min(1).max(7),
    acciones_comunes: z.array(nombre).min(1),
    dependencias: z.array(dependencia).min(1),
    categorias: z.array(categoria).min(1),
    colonias: z.array(colonia).default([]),
  })
  .superRefine(checkReferencias)

/** Metres within which two petitions of a category may be about the same, where the file does not say. */
const CERCANIA = 250

/** What has to have a place in public is seen by several; what is asked for a house, or told in confidence, is each one's own. */
const seRepite = ({ ubicacion, reservada, interna }: z.output<typeof categoria>) =>
  ubicacion === 'requerida' && !reservada && !interna

/**
 * config/catalogo.yaml. Each category comes out complete: its `acciones` with those common to all,
 * and the `orientacion` of the external dependencia it names, if it has none of its own.
 */
export const catalogoSchema = archivo.transform((catalogo) => {
  const orientaciones = new Map(catalogo.dependencias.map((one) => [one.codigo, one.orientacion]))
  const categorias = catalogo.categorias.map(({ orienta_a, ...one }) => ({
    ...one,
    cercania_m: one.cercania_m ?? (seRepite(one) ? CERCANIA : 0),
    orientacion: one.orientacion ?? orientaciones.get(orienta_a ?? ''),
    acciones: [...new Set([...one.acciones, ...catalogo.acciones_comunes])],
  }))
  return { ...catalogo, categorias }
})

/** The municipality's catalogue, validated. */
export type Catalogo = z.output<typeof catalogoSchema>
/** A type of petition as the catalogue has it; the row in `categoria` is made from it. */
export type CategoriaDeCatalogo = Catalogo['categorias'][number]
/** An extra question of a category; `opciones` (2 to 7) only with `tipo: 'opcion'`. */
export type Pregunta = CategoriaDeCatalogo['preguntas'][number]
/** Something a trámite asks for: a file (`documento`) or a line of text (`dato`). */
export type Requisito = CategoriaDeCatalogo['requisitos'][number]
/** Which datos generales a category requires, accepts, or does not ask. */
export type Datos = CategoriaDeCatalogo['datos']
