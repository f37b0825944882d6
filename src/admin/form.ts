import { z } from 'zod'

/** By field: the code of what is wrong with it; its words are `error.<code>` of the views. */
export type Errores = Record<string, string>

/** A form as it was sent: what it says, or what is wrong, with what was typed to show it again. */
export type Form<T> = { ok: true; datos: T } | { ok: false; errores: Errores; escrito: Escrito }

/** What was typed, by field; boxes of one name are a list. */
export type Escrito = Record<string, string | string[]>

/** Reads a sent form; the messages of `schema` are codes. */
export function readForm<T>(schema: z.ZodType<T>, body: unknown): Form<T> {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return { ok: true, datos: parsed.data }
  const errores: Errores = {}
  for (const issue of parsed.error.issues) errores[String(issue.path[0] ?? 'forma')] ??= codeOf(issue.message)
  return { ok: false, errores, escrito: typed(body) }
}

/** What no form of ours sends (two values of one field, a choice that is not offered) has no code of its own. */
const codeOf = (message: string) => (/^\w+$/.test(message) ? message : 'opcion')

/** What was typed, without passwords and tokens. */
export function typed(body: unknown): Escrito {
  const secret = /^_|password/
  const entries = Object.entries(typeof body === 'object' && body !== null ? body : {})
  return Object.fromEntries(
    entries.flatMap(([key, value]): [string, string | string[]][] => {
      if (secret.test(key)) return []
      if (typeof value === 'string') return [[key, value]]
      return Array.isArray(value) ? [[key, value.filter((one) => typeof one === 'string')]] : []
    }),
  )
}

/** A line of text that must be there. */
export const linea = (max = 200) => z.string({ error: 'falta' }).trim().min(1, 'falta').max(max, 'largo')

/** A line of text, or null when it was left empty. */
export const lineaOpcional = (max = 200) =>
  z
    .string({ error: 'falta' })
    .trim()
    .max(max, 'largo')
    .optional()
    .transform((text) => text || null)

/** An ISO date of the years that PostgreSQL and a calendar of four digits know, and that a town has business in. */
export const dia = (error = 'fecha') =>
  z.iso.date(error).refine((day) => day >= '1900-01-01' && day <= '2199-12-31', { error })

/** One or several boxes of the same name. */
export const casillas = <T extends string>(values: readonly T[]) =>
  z.preprocess(
    (value) => (value === undefined ? [] : [value].flat()),
    z.array(z.enum(values, { error: 'opcion' })).min(1, 'elija'),
  )
