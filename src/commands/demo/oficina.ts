import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readYaml } from '../../runtime/yaml-config.ts'
import type { Demo } from './demo.ts'
import { attend } from './oficina-atencion.ts'
import { setUp } from './oficina-reglas.ts'

const texto = z.string().trim().min(1)
const cambio = { documento: texto, ruta: z.array(texto).min(1), valor: z.json() }

const oficinaSchema = z.strictObject({
  avisos_activos: z.array(
    z.strictObject({
      texto,
      categorias: z.array(texto).min(1),
      colonias: z.array(texto),
      horas: z.number().positive(),
      oidos: z.int().min(0),
    }),
  ),
  respuestas: z.array(z.strictObject({ titulo: texto, texto, categorias: z.array(texto), estados: z.array(texto) })),
  preguntas: z.array(texto),
  menciones: z.array(texto),
  conversacion: z.array(texto),
  filtros: z.array(z.strictObject({ de: z.enum(['enlace', 'validador']), nombre: texto, consulta: texto })),
  publicaciones: z.array(z.strictObject({ nota: texto, ...cambio })),
  borrador: z.strictObject(cambio),
  pendiente: z.strictObject({ categoria: texto, escrito: z.record(texto, texto) }),
  no_enterados: z.array(texto),
})

/** What the invented office does besides working petitions. */
export type Oficina = z.output<typeof oficinaSchema>

/** Leaves every page of the panel at work, as of the demo's present moment. */
export async function workTheOffice(demo: Demo): Promise<void> {
  const oficina = await readYaml(fileURLToPath(new URL('./oficina.yaml', import.meta.url)), oficinaSchema)
  await setUp(demo, oficina)
  await attend(demo, oficina)
}
