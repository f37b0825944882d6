import type { Answer } from '../answer.ts'
import { wordsOf } from '../words.ts'
import { informar } from './informacion.ts'
import { soloInsulta } from './insultos.ts'
import type { Contexto, Movida } from './mundo.ts'
import { soloSeQueja } from './queja.ts'
import { conArchivos } from './registrar/adjuntos.ts'
import { camposDeAsunto } from './registrar/asunto.ts'
import { campoDeRequisito, DESCRIPCION } from './registrar/campos.ts'
import { camposDeUbicacion } from './registrar/lugar.ts'
import { pendientes } from './registrar/requisitos.ts'

/** So many words tell a story even when no subject is recognised in them. */
const HISTORIA = 5

/** Who says in so few words that nobody may know them has told of nothing else yet. */
const TEMOR = 12

/** Clocks differ and a burst takes a while: what came this long before belongs to the petition too. */
const MARGEN = 10_000

/** Since when what is said belongs to a petition that begins with this answer; ISO. */
export const desdeCuando = ({ sentAt }: Answer, { services }: Contexto): string =>
  new Date(Math.min(sentAt.getTime(), services.now().getTime()) - MARGEN).toISOString()

/** What a first message fills of a petition: words, files, a place. */
export function camposIniciales(answer: Answer, contexto: Contexto) {
  const { text, files, location } = answer
  const voz = files.some(({ kind }) => kind === 'voice' || kind === 'audio')
  const dicho = text ? camposDeAsunto(text.slice(0, DESCRIPCION), contexto) : {}
  const punto = camposDeUbicacion(answer, contexto)
  return {
    desde: desdeCuando(answer, contexto),
    ...dicho,
    ...(files.length > 0 && { adjuntos: conArchivos([], files).adjuntos }),
    ...(files.length > 0 && !text && { llego: voz ? 'voz' : 'archivo' }),
    ...punto,
    ...(text && location && { rapida: true }),
  }
}

/** What somebody wants who is in the middle of nothing: their words, files or place begin a petition. */
export function entender(answer: Answer, contexto: Contexto): Movida {
  const { text, files, location } = answer
  const { mensajes } = contexto
  if (!text && files.length > 0)
    return (
      paraUnPendiente(answer, contexto) ?? { to: 'flow', flow: 'registrar', answers: camposIniciales(answer, contexto) }
    )
  if (soloInsulta(text, mensajes)) return { to: 'miss', because: mensajes.text('general.molestia') }
  const { peligro, intencion, asuntos, anonima } = contexto.comprension().comprender(text)
  const registrar: Movida = { to: 'flow', flow: 'registrar', answers: camposIniciales(answer, contexto) }
  if (peligro) return { ...registrar, flow: 'emergencia' }
  if (!text && location) return registrar
  const informacion = intencion === 'informacion' ? informar(text, contexto) : undefined
  if (informacion) return informacion
  if (anonima && asuntos.length === 0 && wordsOf(text).length <= TEMOR) {
    const answers = { desde: desdeCuando(answer, contexto), quiereAnonima: true }
    return { to: 'flow', flow: 'registrar', answers, say: [mensajes.text('registrar.anonima_despues')] }
  }
  // Unhappiness alone is no report; who has a folio is asked for it.
  if (soloSeQueja(text, contexto)) return { to: 'flow', flow: 'menu', drop: true, say: [mensajes.text('menu.lamento')] }
  const story = asuntos.length > 0 || wordsOf(text).length >= HISTORIA
  // How it may be written was said: the next time it is said in other words.
  if (!story)
    return contexto.state.misses % 3 === 0 ? { to: 'miss', because: mensajes.text('menu.no_entendi') } : { to: 'miss' }
  return intencion === 'queja_del_servicio' ? { ...registrar, say: [mensajes.text('menu.lamento')] } : registrar
}

/** A file may be the document that a draft waits for. */
function paraUnPendiente({ files }: Answer, contexto: Contexto): Movida | undefined {
  for (const { id: borrador, flow, answers } of contexto.state.drafts.toReversed()) {
    const documento =
      flow === 'registrar' && pendientes({ ...contexto, answers }).find(({ tipo }) => tipo === 'documento')
    if (!documento) continue
    const con = { [campoDeRequisito(documento.id)]: files.map(({ id }) => id).join(' ') }
    return { to: 'flow', flow: 'retomar', answers: { borrador, con } }
  }
  return undefined
}
