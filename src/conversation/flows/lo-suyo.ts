import type { Answer } from '../answer.ts'
import { normalise, wordsOf } from '../words.ts'
import type { Contexto, Movida } from './mundo.ts'

/** Milliseconds by which a platform's clock may be ahead of ours. */
const ADELANTO = 2_000

/** Longer messages tell something. */
const CORTO = 12

/**
 * `¿Y cuándo vienen?`, of somebody who has a folio: how theirs goes, and no new petition. Undefined for other words, and for who has
 * none.
 */
export async function preguntarPorLoSuyo({ text, sentAt }: Answer, contexto: Contexto): Promise<Movida | undefined> {
  const { mensajes, services } = contexto
  const words = ` ${normalise(text)} `
  const pregunta = mensajes.words('cuando').some((one) => words.includes(` ${normalise(one)} `))
  if (!pregunta || wordsOf(text).length > CORTO) return undefined
  const [una, otra] = await services.misPeticiones(2)
  if (!una) return undefined
  const desde = new Date(Math.min(sentAt.getTime(), services.now().getTime()) - ADELANTO).toISOString()
  return { to: 'flow', flow: 'consultar', answers: { desde, ...(!otra && { folio: una.folio }) }, drop: true }
}
