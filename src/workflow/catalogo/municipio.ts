import { IANAZone } from 'luxon'
import { z } from 'zod'
import type { Catalogo } from './catalogo.ts'
import { siNo } from './si-no.ts'

const nombre = z.string().trim().min(1).max(100)
const linea = z.string().trim().max(200)
const codigo = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*$/, 'expected a code of small letters, digits, - and _, such as call_center')
const fecha = z.iso.date('expected a date such as 2026-12-24')
const hora = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time in quotes, such as "08:30"')
const DIAS = ['lunes', 'martes', 'miercoles', 'jueves', 'viernes', 'sabado', 'domingo'] as const

const identidad = z.strictObject({
  nombre,
  estado: nombre,
  uac: nombre,
})

const formato = z.strictObject({
  titulo: nombre,
  encabezado: z.array(linea).max(5).default([]),
  domicilio: linea.default(''),
  telefono: linea.default(''),
  correo: linea.default(''),
  pie: linea.default(''),
  logo: z.string().optional(),
})

const turnoDeTrabajo = z
  .strictObject({ dias: z.array(z.enum(DIAS)).min(1), de: hora, a: hora })
  .refine((value) => value.de < value.a, { path: ['a'], error: 'expected a time after that of "de"' })

const opcion = z.strictObject({ codigo, nombre })
const medio = z.strictObject({ codigo, nombre, captura: siNo.default(true) })

const avisoDePrivacidad = z.strictObject({
  version: z.string().trim().min(1).max(40),
  responsable: nombre,
  texto_completo: z
    .string()
    .regex(
      /^(\/|https:\/\/)/,
      'expected a page of this site that begins with / or an address that begins with https://',
    ),
})

/** First out of sight, then gone. */
const plazoDeDatos = z
  .strictObject({ bloquear_tras_meses: z.int().min(1), borrar_tras_meses: z.int().min(1) })
  .refine((value) => value.borrar_tras_meses > value.bloquear_tras_meses, {
    path: ['borrar_tras_meses'],
    error: 'expected more months than bloquear_tras_meses',
  })

const retencion = z.strictObject({
  peticiones: plazoDeDatos,
  adjuntos: plazoDeDatos,
  conversaciones: plazoDeDatos,
  redes: plazoDeDatos,
  registros_meses: z.int().min(1),
  bitacora_meses: z.int().min(12),
})

const plazos = z.strictObject({
  por_vencer_dias: z.int().min(0).max(30),
  escalar_titular_dias: z.int().min(0).max(60),
  escalar_uac_dias: z.int().min(0).max(90),
})

/** How the assistant treats who does not answer, who leaves, and who waits. */
const conversacion = z.strictObject({
  pregunta_dias: z.int().min(1).max(30).default(5),
  pregunta_recordar_dias: z.int().min(1).max(29).default(3),
  borrador_recordar_horas: z.int().min(1).max(72).default(4),
  borrador_abandonado_horas: z.int().min(1).max(720).default(24),
  borrador_borrar_dias: z.int().min(1).max(365).default(30),
  silencio: z.strictObject({ de: hora, a: hora }).default({ de: '21:00', a: '08:00' }),
  persona_regresa_horas: z.int().min(1).max(168).default(12),
})

/** When the staff is told by e-mail, and when nobody is disturbed. */
const avisosPersonales = z.strictObject({
  resumen: z.strictObject({ manana: hora, mediodia: hora }).default({ manana: '08:00', mediodia: '13:00' }),
  silencio: z.strictObject({ de: hora, a: hora }).default({ de: '20:00', a: '07:00' }),
})

const mapa = z.strictObject({
  tiles: z
    .string()
    .regex(
      /^https:\/\/.*\{z\}.*\{x\}.*\{y\}|^https:\/\/.*\{z\}.*\{y\}.*\{x\}/,
      'expected an https:// address with {z}, {x} and {y}',
    ),
  atribucion: z.string().trim().min(1),
  centro: z.strictObject({ latitud: z.number().min(-90).max(90), longitud: z.number().min(-180).max(180) }),
  zoom: z.int().min(1).max(19),
})

const inhabil = z.strictObject({ fecha, nombre })
const periodo = z
  .strictObject({ desde: fecha, hasta: fecha, nombre })
  .refine((value) => value.desde <= value.hasta, { path: ['hasta'], error: 'expected a date not before "desde"' })
  // Its days are gone through one by one whenever a term is counted.
  .refine((value) => Date.parse(value.hasta) - Date.parse(value.desde) <= 366 * 86_400_000, {
    path: ['hasta'],
    error: 'expected a date at most a year after "desde"',
  })

const regla = z
  .strictObject({ categoria: z.string().optional(), colonia: nombre.optional(), dependencia: z.string() })
  .refine((value) => value.categoria !== undefined || value.colonia !== undefined, {
    error: 'expected a categoria, a colonia or both',
  })

const archivo = z.strictObject({
  municipio: identidad,
  formato,
  folio: z.strictObject({ prefijo: z.string().regex(/^[A-Z]{2,6}$/, 'expected 2 to 6 capital letters') }),
  zona_horaria: z.string().refine(IANAZone.isValidZone, 'expected a time zone such as America/Mexico_City'),
  horario: z.array(turnoDeTrabajo).min(1),
  modulos: z.array(opcion).min(1),
  programas: z.array(opcion).default([]),
  medios: z.array(medio).min(1),
  aviso_privacidad: avisoDePrivacidad,
  retencion,
  reapertura_dias: z.int().min(1).max(90),
  plazos,
  conversacion: conversacion.prefault({}),
  avisos_personales: avisosPersonales.prefault({}),
  pausa_ms: z.record(z.string(), z.int().min(0).max(60_000)).default({}),
  mapa,
  dias_inhabiles: z.array(inhabil).default([]),
  periodos_inhabiles: z.array(periodo).default([]),
  reglas: z.array(regla).default([]),
  /** Categories whose petitions are valued before they are directed. */
  valoracion: z.array(z.string()).default([]),
  repunte: z
    .strictObject({ minimo: z.int().min(3).max(1000), horas: z.int().min(1).max(168) })
    .default({ minimo: 5, horas: 24 }),
})

/** config/municipio.yaml, all that makes this town this town. */
export type Municipio = z.output<typeof archivo>
/** A rule that sends a petition elsewhere than its category says; the first that fits wins. */
export type Regla = Municipio['reglas'][number]

/** The schema of config/municipio.yaml; its codes are checked against the catalogue, which is read before. */
export function municipioSchema(catalogo: Catalogo) {
  const dependencias = new Set(catalogo.dependencias.filter((one) => one.recibe_peticiones).map((one) => one.codigo))
  const categorias = new Set(catalogo.categorias.map((one) => one.codigo))
  return archivo.superRefine((municipio, context) => {
    const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    const expectCategoria = (path: (string | number)[], codigo: string | undefined) => {
      if (codigo !== undefined && !categorias.has(codigo))
        complain(path, `expected a categoria of catalogo.yaml, and ${codigo} is none`)
    }
    for (const [at, { categoria, dependencia }] of municipio.reglas.entries()) {
      const receives = `expected a dependencia of catalogo.yaml that receives petitions, and ${dependencia} is none`
      if (!dependencias.has(dependencia)) complain(['reglas', at, 'dependencia'], receives)
      expectCategoria(['reglas', at, 'categoria'], categoria)
    }
    for (const [at, codigo] of municipio.valoracion.entries()) expectCategoria(['valoracion', at], codigo)
    for (const path of repeatedCodes(municipio)) complain(path, 'expected a codigo that no entry above has')
  })
}

/** Where a list of municipio.yaml says a codigo for the second time. */
const repeatedCodes = (municipio: Municipio): (string | number)[][] =>
  (['medios', 'modulos', 'programas'] as const).flatMap((list) => {
    const codes = municipio[list].map(({ codigo }) => codigo)
    return codes.flatMap((code, at) => (codes.indexOf(code) < at ? [[list, at, 'codigo']] : []))
  })

/** What people read for the code of a medio; the code itself for one the file no longer has. */
export const nombreDeMedio = (municipio: Municipio, codigo: string): string =>
  municipio.medios.find((medio) => medio.codigo === codigo)?.nombre ?? codigo
