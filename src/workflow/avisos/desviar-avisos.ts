import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { type Municipio, nombreDeMedio } from '../catalogo/municipio.ts'
import type { StoreOutbound } from '../mensajes/store-outbound.ts'
import { avisoDeMovimiento } from './aviso-de-movimiento.ts'
import type { AvisoDeps } from './avisos.ts'
import { type Destino, type DestinoDeps, destinosDeAviso, MINUTOS_CAIDA } from './destino-de-aviso.ts'

/** What taking another way needs. */
export interface DesvioDeps extends AvisoDeps, DestinoDeps {
  enviar: StoreOutbound
  municipio: Municipio
}

/** What now waits to be sent. */
export interface Desviado {
  id: number
  channel: string
  account: string
  conversationId: number
}

/** Notices of so many days; what is older is no news any more. As many as one look takes. */
const DIAS = 7
const MOST = 100

/**
 * Notices that did not go where their petition was made (blocked, refused, the window closed, the account down for minutes) go by
 * another address of the same person who asked for them there: each once, and never what may have arrived. `em` has no transaction.
 */
export async function desviarAvisos(em: EntityManager, deps: DesvioDeps): Promise<Desviado[]> {
  const rows = await sql<{ id: number }>(em, DETENIDOS, [DIAS, MINUTOS_CAIDA, MOST])
  const moved: Desviado[] = []
  for (const { id } of rows) moved.push(...(await em.transactional((tx) => desviar(tx, id, deps))))
  return moved
}

async function desviar(tx: EntityManager, outboxId: number, deps: DesvioDeps): Promise<Desviado[]> {
  const row = await sqlOne<{ movimientoId: number; peticionId: number }>(
    tx,
    `select movimiento_id as "movimientoId", peticion_id as "peticionId" from outbox where id = $1 for update skip locked`,
    [outboxId],
  )
  const aviso = row && (await avisoDeMovimiento(tx, row.movimientoId, deps))
  const destinos = aviso && (await destinosDeAviso(tx, row.peticionId, aviso, deps))
  if (!aviso || !destinos?.otro || destinos.como === 'ahora') return []
  const parts = await sql<{ id: number; firm: boolean }>(tx, PARTES, [outboxId])
  if (parts.length === 0 || parts.some(({ firm }) => !firm)) return []
  return mover(tx, { outboxId, ids: parts.map(({ id }) => id) }, aviso, { de: destinos.propio, a: destinos.otro }, deps)
}

/** Writes the notice at the other address, and notes on its first messages by which one it went: they are never sent. */
export async function mover(
  tx: EntityManager,
  { outboxId, ids }: { outboxId: number; ids: number[] },
  aviso: OutboundMessage,
  { de, a }: { de: Destino; a: Destino },
  deps: DesvioDeps,
): Promise<Desviado[]> {
  const { conversationId, channel, account } = a
  const stored = await deps.enviar(tx, conversationId, [porOtroCanal(aviso, de, deps)], { outboxId })
  await sql(
    tx,
    `update message set status = 'failed', moved_to = $2, due_at = null, claimed_until = null, error = coalesce(error, 'not_connected: sent by another address')
      where id = any($1)`,
    [ids, stored[0] ?? null],
  )
  return stored.map((id) => ({ id, channel, account, conversationId }))
}

/** Says first why it comes here. */
function porOtroCanal(
  aviso: OutboundMessage,
  { channel, locale }: Destino,
  { mensajes, municipio }: DesvioDeps,
): OutboundMessage {
  // In the language of the notice, which is that of where the petition was made.
  const porque = mensajes.in(locale).text('avisos.por_otro_canal', { canal: nombreDeMedio(municipio, channel) })
  return { ...aviso, text: `${porque}\n${aviso.text ?? ''}` }
}

// Only where there is another address to go by.
const DETENIDOS = `
select distinct m.outbox_id as id
  from message m
  join conversation c on c.id = m.conversation_id
  join address a on a.id = c.address_id
  join outbox o on o.id = m.outbox_id
  join peticion p on p.id = o.peticion_id and p.address_id = a.id
 where m.outbox_id is not null and m.moved_to is null and m.created_at > now() - make_interval(days => $1)
   and (m.status in ('failed', 'waiting_window')
     or (m.status = 'pending' and m.created_at < clock_timestamp() - make_interval(mins => $2)))
   and exists (select 1 from address b where b.ciudadano_id = a.ciudadano_id and b.id <> a.id
                and b.avisos_alta_at is not null and b.blocked_at is null)
 order by 1 limit $3`

// Locked: a send that begins now does not find it. What was sent, is on its way or may have arrived is firm and stays.
const PARTES = `
select id, status in ('failed', 'waiting_window', 'pending') and doubts = 0 and moved_to is null as firm
  from message where outbox_id = $1 order by seq for update`
