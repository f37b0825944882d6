import { wordsOf } from '../words.ts'
import type { Contexto } from './mundo.ts'

/** With less confidence than this so few words of a complaint tell of no subject: «no sirven para nada» is about no lamp. */
const CLARO = 0.6
const CORTA = 6

/** `Pésimo servicio, no hacen nada`: unhappiness with how one is served, and nothing of what about. */
export function soloSeQueja(text: string, { comprension }: Contexto): boolean {
  const { intencion, asuntos, peligro } = comprension().comprender(text)
  if (intencion !== 'queja_del_servicio' || peligro) return false
  const [primero] = asuntos
  return primero === undefined || (wordsOf(text).length <= CORTA && primero.confidence < CLARO)
}
