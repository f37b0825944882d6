import { z } from 'zod'
import {
  type DatosDeLote,
  type Elegida,
  TOPE_DE_LOTE,
  VERBOS_EN_BLOQUE,
  type VerboEnBloque,
} from '../../workflow/lotes/lote.ts'
import { type Errores, lineaOpcional } from '../form.ts'

const muchas = z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(z.string().max(40)))

/** The petitions that were chosen: `p` is an id, with the version its page showed where one was shown. */
export function leerElegidas(sent: unknown): Elegida[] {
  const { data } = z.object({ p: muchas }).safeParse(sent ?? {})
  const all = (data?.p ?? []).slice(0, TOPE_DE_LOTE).flatMap((one) => {
    const match = /^(\d{1,15})(?:\.(\d{1,9}))?$/.exec(one)
    return match ? [{ id: Number(match[1]), version: Number(match[2] ?? 0) }] : []
  })
  return [...new Map(all.map((one) => [one.id, one])).values()]
}

const numero = z.coerce.number().int().positive().optional().catch(undefined)
const forma = z.object({
  clave: z.uuid(),
  verbo: z.enum(VERBOS_EN_BLOQUE),
  canalizar_dependencia: lineaOpcional(60),
  recanalizar_a: lineaOpcional(80),
  recanalizar_motivo: lineaOpcional(2000),
  validar_nota: lineaOpcional(2000),
  anotar_nota: lineaOpcional(2000),
})

/** What is to be done, or what is wrong with it. */
export type Acto =
  | { ok: true; clave: string; verbo: VerboEnBloque; datos: DatosDeLote }
  | { ok: false; errores: Errores; de: { verbo?: VerboEnBloque } }

/** Reads the act of the form; of its fields only those of the pressed verb count. */
export function leerActo(body: unknown): Acto {
  const { data } = forma.safeParse(body ?? {})
  if (!data) return { ok: false, errores: { forma: 'elija' }, de: {} }
  const { clave, verbo } = data
  const wrong = (campo: string, error = 'falta'): Acto => ({ ok: false, errores: { [campo]: error }, de: { verbo } })
  if (verbo === 'anotar') {
    return data.anotar_nota ? { ok: true, clave, verbo, datos: { nota: data.anotar_nota } } : wrong('anotar_nota')
  }
  if (verbo === 'validar') return { ok: true, clave, verbo, datos: { nota: data.validar_nota ?? undefined } }
  if (verbo === 'canalizar') {
    return { ok: true, clave, verbo, datos: { dependencia: data.canalizar_dependencia ?? undefined } }
  }
  if (verbo === 'recibir') return { ok: true, clave, verbo, datos: {} }
  const destino = destinoDe(data.recanalizar_a)
  if (!destino) return wrong('recanalizar_a', 'falta_dependencia')
  if (!data.recanalizar_motivo) return wrong('recanalizar_motivo', 'falta_motivo')
  return { ok: true, clave, verbo, datos: { ...destino, motivo: data.recanalizar_motivo } }
}

/** `OP`, or `OP/12` for the enlace 12 of Obras Públicas. */
function destinoDe(a: string | null): { dependencia: string; enlace?: number | undefined } | undefined {
  const [dependencia, enlace] = a?.split('/') ?? []
  return dependencia ? { dependencia, enlace: enlace === undefined ? undefined : numero.parse(enlace) } : undefined
}
