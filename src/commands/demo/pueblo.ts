import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readYaml } from '../../runtime/yaml-config.ts'
import type { Random } from './random.ts'
import { SCENES } from './scenes.ts'

const texto = z.string().trim().min(1)
const lista = z.array(texto).min(1)
const hecho = z.strictObject({ accion: texto, observacion: texto })
const negado = z.strictObject({ accion: texto, observacion: texto, explicacion: texto })

const asunto = z.strictObject({
  /** How often it is asked, beside the others. */
  peso: z.number().positive(),
  /** What its photographs show; without it there are none. */
  escena: z.enum(SCENES).optional(),
  /** Share of citizens who do not say who they are. */
  anonimo: z.number().min(0).max(1).default(0),
  dichos: lista,
  escritos: lista,
  resuelto: z.array(hecho).min(1),
  no_resuelto: z.array(negado).default([]),
  /** What the citizen is told when it belongs to somebody else. */
  no_es_nuestro: texto.optional(),
})

const puebloSchema = z.strictObject({
  lugares: lista,
  tiempos: lista,
  calles: lista,
  referencias: lista,
  vehiculos: lista,
  horarios: lista,
  escuelas: lista,
  areas: lista,
  personas: lista,
  resuelto_general: z.array(hecho).min(1),
  no_resuelto_general: z.array(negado).min(1),
  motivos: z.strictObject({
    devolver: lista,
    recanalizar: lista,
    rechazar: lista,
    reabrir: lista,
    cancelar: lista,
    valorar: lista,
    anotar: lista,
    validar: lista,
  }),
  respuestas: lista,
  despedidas: lista,
  saludos: lista,
  con_persona: lista,
  comentarios: lista,
  categorias: z.record(z.string(), asunto),
})

/** The invented town: what is asked there, in which words, and what is answered. */
export type Pueblo = z.output<typeof puebloSchema>
export type Asunto = Pueblo['categorias'][string]

/** Reads pueblo.yaml, which lies beside this file. @throws {StartupProblem} naming the line that is wrong. */
export const leerPueblo = (): Promise<Pueblo> =>
  readYaml(fileURLToPath(new URL('./pueblo.yaml', import.meta.url)), puebloSchema)

/** A sentence with its place, time and colonia filled in. */
export function decir(frase: string, colonia: string, { lugares, tiempos }: Pueblo, random: Random): string {
  return frase
    .replaceAll('{donde}', random.pick(lugares))
    .replaceAll('{tiempo}', random.pick(tiempos))
    .replaceAll('{colonia}', colonia)
}
