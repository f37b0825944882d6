import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Locale } from '../../conversation/state.ts'
import { sql } from '../../runtime/sql.ts'
import type { StoreOutbound } from '../mensajes/store-outbound.ts'
import type { OutboxMessages } from '../run-outbox.ts'
import type { Destino, DestinoDeps } from './destino-de-aviso.ts'

/** Who joined something: `addresses` is a query of their `address_id` whose `$1` is `id`. */
export interface Sumados {
  addresses: string
  id: number
}

/** What telling them needs of the outside. */
export interface DecirDeps extends DestinoDeps {
  enviar: StoreOutbound
}

interface Sumado extends Destino {
  /** They said ALTA there: they may be written to where nobody is written to unasked. */
  pidio: boolean
}

/**
 * Tells each of them, in their language; gives what waits to be sent. Skipped are those who want no notices, blocked us, or write where
 * nobody is written to unasked.
 */
export async function decirASumados(
  em: EntityManager,
  { addresses, id }: Sumados,
  decir: (locale: Locale) => OutboundMessage,
  deps: DecirDeps,
): Promise<OutboxMessages['messages']> {
  const written: OutboxMessages['messages'] = []
  for (const { pidio, locale, ...destino } of await sql<Sumado>(em, quienes(addresses), [id])) {
    if (!pidio && deps.channelOf(destino.channel, destino.account)?.limits.replyOnly === true) continue
    const ids = await deps.enviar(em, destino.conversationId, [decir(locale)])
    written.push(...ids.map((message) => ({ id: message, ...destino })))
  }
  return written
}

// In one order, so that two that share neighbours never wait for each other.
const quienes = (addresses: string) => `
select c.id as "conversationId", a.channel, a.account, a.avisos_alta_at is not null as pidio, c.locale
  from (${addresses}) s join address a on a.id = s.address_id join conversation c on c.address_id = a.id
 where a.avisos_baja_at is null and a.blocked_at is null
 order by c.id`
