import { z } from 'zod'

const plantilla = z.strictObject({
  /** What staff choose it by. */
  titulo: z.string().trim().min(1).max(40),
  texto: z.string().trim().min(1).max(500),
})

/** Names between braces that a text may hold. */
function conLlaves<T extends z.ZodType<string>>(schema: T, known: readonly string[], needed: readonly string[] = []) {
  return schema.superRefine((text, context) => {
    const used = [...text.matchAll(/\{(\w*)\}/g)].map((match) => match[1] ?? '')
    const wrong = used.find((name) => !known.includes(name))
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: `expected no {${wrong}} in this text` })
    for (const name of needed.filter((one) => !used.includes(one)))
      context.addIssue({ code: 'custom', message: `expected {${name}} somewhere in this text` })
  })
}

const lista = (known: readonly string[]) =>
  z.array(plantilla.extend({ texto: conLlaves(plantilla.shape.texto, known) })).max(30)

/** The section `redes` of config/mensajes.<locale>.yaml: texts that Comunicación Social answers with. */
export const textosDeRedesSchema = z.strictObject({
  publicas: lista([]),
  privadas: lista(['folio', 'enlace']),
  // Instagram's comments have 300 characters, and the address is yet to come.
  invitacion: conLlaves(z.string().trim().min(1).max(220), ['enlace'], ['enlace']),
})

export type TextosDeRedes = z.output<typeof textosDeRedesSchema>
