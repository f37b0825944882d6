import { z } from 'zod'
import { readYaml } from '../runtime/yaml-config.ts'

const texto = z.string().trim().min(1)

const schema = z.strictObject({
  titulo: texto,
  secciones: z.array(z.strictObject({ titulo: texto, parrafos: z.array(texto).min(1) })).min(1),
})

/** The full privacy notice, as the municipality wrote it. */
export type AvisoDePrivacidad = z.output<typeof schema>

/** Reads config/aviso-de-privacidad.yaml. @throws {StartupProblem} naming file and line of what is wrong. */
export const readAvisoDePrivacidad = (folder: string): Promise<AvisoDePrivacidad> =>
  readYaml(`${folder}/aviso-de-privacidad.yaml`, schema)
