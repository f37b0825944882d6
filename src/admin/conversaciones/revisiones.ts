import type { InboundBody } from '../../conversation/stored-message.ts'
import type { MensajeDeHilo } from './hilo-alcance.ts'

/** A message, as far as it matters what it changes. */
export interface Revisable extends MensajeDeHilo {
  /** The platform's id of the message; that of the changed one, for a change. */
  providerId: string | null
  body: Partial<Pick<InboundBody, 'text' | 'replyTo'>>
}

/** What the citizen did to a message after sending it. */
export interface Revision {
  borrado: boolean
  /** What it says since then; undefined when that was emptied, or it was deleted. */
  texto: string | undefined
  at: Date
}

/** A change is about a message that was sent before; what it said until then is shown beside it. */
export interface Anterior {
  id: number
  texto: string | undefined
}

const CAMBIOS = new Set(['edit', 'delete'])

/** The message that each edit and deletion is about, by the change's id; undefined for one that is not among `messages`. */
export function originales<M extends Revisable>(messages: M[]): Map<number, M | undefined> {
  const sent = messages.filter((one) => one.direction === 'in' && !CAMBIOS.has(one.kind))
  const byProvider = new Map(sent.map((one) => [one.providerId, one]))
  const changes = messages.filter((one) => one.direction === 'in' && CAMBIOS.has(one.kind))
  return new Map(changes.map((one) => [one.id, byProvider.get(one.body.replyTo ?? one.providerId)]))
}

/** What was changed of each message, in the order in which it was, and what each change replaced. */
export function revisiones(messages: Revisable[]): { de: Map<number, Revision[]>; antes: Map<number, Anterior> } {
  const de = new Map<number, Revision[]>()
  const antes = new Map<number, Anterior>()
  const all = originales(messages)
  for (const message of messages) {
    const original = all.get(message.id)
    if (!original) continue
    const until = de.get(original.id) ?? []
    const before = until.findLast(({ borrado }) => !borrado)
    antes.set(message.id, { id: original.id, texto: before ? before.texto : original.body.text })
    const borrado = message.kind === 'delete'
    de.set(original.id, [...until, { borrado, texto: borrado ? undefined : message.body.text, at: message.createdAt }])
  }
  return { de, antes }
}
