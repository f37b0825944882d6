import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Proponer } from '../mensajes/proponer.ts'
import type { OutboxDone, OutboxRow } from '../outbox.ts'
import { avisoDeMovimiento } from './aviso-de-movimiento.ts'
import { destinosDeAviso } from './destino-de-aviso.ts'
import { type DesvioDeps, mover } from './desviar-avisos.ts'

/** What a notice needs of the outside. */
export interface NotificarDeps extends DesvioDeps {
  /** What is asked with the notice, where it can go now. */
  proponer?: Proponer | undefined
}

/**
 * Writes the notice of a movimiento into the citizen's conversation, or where that cannot be now, into another one of theirs where they
 * asked for notices; skipped when they want none, blocked us, or have no address.
 */
export async function notificarPendiente(em: EntityManager, row: OutboxRow, deps: NotificarDeps): Promise<OutboxDone> {
  const aviso = await avisoDeMovimiento(em, row.movimientoId, deps)
  const destinos = aviso && (await destinosDeAviso(em, row.peticionId, aviso, deps))
  if (!aviso || !destinos) return { status: 'skipped', messages: [] }
  const { propio, como, otro } = destinos
  if (como === 'pregunta') return { status: 'later', messages: [] }
  if (como === 'no' && !otro) return { status: 'skipped', messages: [] }
  const outboxId = row.id
  const pregunta = como === 'ahora' ? ((await deps.proponer?.(em, propio.conversationId, row.movimientoId)) ?? []) : []
  const ids = await deps.enviar(em, propio.conversationId, conPregunta(aviso, pregunta), { outboxId })
  if (como === 'ahora' || !otro) return { status: 'done', messages: ids }
  const moved = await mover(em, { outboxId, ids }, aviso, { de: propio, a: otro }, deps)
  return { status: 'done', messages: moved.map(({ id }) => id) }
}

/** A question that repeats what the notice says takes its place. */
const conPregunta = (aviso: OutboundMessage, pregunta: OutboundMessage[]): OutboundMessage[] => {
  const [first] = pregunta
  return first?.text !== undefined && aviso.text !== undefined && first.text.includes(aviso.text)
    ? pregunta
    : [aviso, ...pregunta]
}
