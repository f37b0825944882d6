import type { Answer } from '../answer.ts'
import { normalise, wordsOf } from '../words.ts'
import type { Contexto, Movida } from './mundo.ts'
import { soloSeQueja } from './queja.ts'

/** Milliseconds by which a platform's clock may be ahead of ours. */
const ADELANTO = 2_000

/** Longer messages tell something. */
const CORTO = 12

const dice = (text: string, phrases: readonly string[]): boolean => {
  const words = ` ${normalise(text)} `
  return phrases.some((one) => words.includes(` ${normalise(one)} `))
}

/**
 * `No es cierto, sigue igual`, of somebody who was told that theirs was solved: said to who attends to it while the answer is being
 * checked, and the way to open it again once it is closed. Undefined for other words.
 */
async function reclamarLoSuyo({ text }: Answer, contexto: Contexto): Promise<Movida | undefined> {
  const { mensajes, services } = contexto
  if (!dice(text, mensajes.words('no_quedo')) && !soloSeQueja(text, contexto)) return undefined
  const contestada = (await services.misPeticiones(RECIENTES)).find(
    ({ estado, sumada }) => !sumada && (estado === 'CONCLUIDO' || estado === 'VALIDADO'),
  )
  if (!contestada) return undefined
  const { folio, estado } = contestada
  const puede = await services.posibilidades(folio)
  if (estado === 'VALIDADO' ? !puede?.reabrir : !puede?.comentar) return undefined
  const dicho = estado === 'CONCLUIDO' ? { que: 'agregar', texto: text } : {}
  return { to: 'flow', flow: 'seguimiento', answers: { folio, ...dicho }, drop: true }
}

/** What somebody complains of is one of their last few. */
const RECIENTES = 5

/** What is said of one's own petition where nothing is being asked; undefined for other words, and for who has none. */
export const deLoSuyo = async (answer: Answer, contexto: Contexto): Promise<Movida | undefined> =>
  (await preguntarPorLoSuyo(answer, contexto)) ?? reclamarLoSuyo(answer, contexto)

/**
 * `¿Y cuándo vienen?`, of somebody who has a folio: how theirs goes, and no new petition. Undefined for other words, and for who has
 * none.
 */
async function preguntarPorLoSuyo({ text, sentAt }: Answer, contexto: Contexto): Promise<Movida | undefined> {
  const { mensajes, services } = contexto
  if (!dice(text, mensajes.words('cuando')) || wordsOf(text).length > CORTO) return undefined
  const [una, otra] = await services.misPeticiones(2)
  if (!una) return undefined
  const desde = new Date(Math.min(sentAt.getTime(), services.now().getTime()) - ADELANTO).toISOString()
  return { to: 'flow', flow: 'consultar', answers: { desde, ...(!otra && { folio: una.folio }) }, drop: true }
}
