import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Abierto } from './abrir-acto.ts'

/**
 * An answer in private opened a conversation, or went into the one there was: it stands there as said by this person, who attends
 * it from now on. The comment, and the petition made of it, are linked with it; an anonymous one has no address.
 */
export async function ligarConversacion(
  em: EntityManager,
  { comentario, texto }: Abierto,
  { address, providerId }: { address?: string | undefined; providerId?: string | undefined },
  usuarioId: number,
): Promise<void> {
  if (address === undefined) return
  const { channel, account, autor, id } = comentario
  const addressId = await sqlOne<{ id: number }>(em, ADDRESS, [channel, account, address, autor])
  if (!addressId) throw new Error(`no address was made for ${channel}/${account}`)
  await sql(em, 'insert into conversation (address_id) values ($1) on conflict (address_id) do nothing', [addressId.id])
  const conversation = await sqlOne<{ id: number; lastSeq: number }>(
    em,
    'select id, last_seq as "lastSeq" from conversation where address_id = $1 for no key update',
    [addressId.id],
  )
  if (!conversation) throw new Error(`address ${addressId.id} has no conversation`)
  await decir(em, conversation, { channel, account, texto, providerId: providerId ?? null, usuarioId })
  await sql(em, 'update comentario set address_id = $2 where id = $1', [id, addressId.id])
  await sql(em, PETICION, [id, addressId.id])
  await publish(em, { topic: 'turn', conversation: conversation.id, channel, address })
}

interface Dicho {
  channel: string
  account: string
  texto: string
  providerId: string | null
  usuarioId: number
}

/** The platform's echo of it may have been here first. */
async function decir(
  em: EntityManager,
  { id, lastSeq }: { id: number; lastSeq: number },
  { channel, account, texto, providerId, usuarioId }: Dicho,
): Promise<void> {
  const echoed = await sql(
    em,
    `update message set usuario_id = $2, kind = 'text', body = $4::jsonb
      where conversation_id = $1 and direction = 'out' and provider_id = $3 returning 1`,
    [id, usuarioId, providerId, storableJson({ text: texto })],
  )
  const seq = echoed.length > 0 ? lastSeq : lastSeq + 1
  if (echoed.length === 0) {
    await sql(em, MESSAGE, [id, channel, account, seq, storableJson({ text: texto }), providerId, usuarioId])
  }
  await sql(em, ATENDIDA, [id, seq, usuarioId])
}

const ADDRESS = `
insert into address (channel, account, external_id, name) values ($1, $2, $3, $4)
on conflict (channel, account, external_id) do update set name = coalesce(address.name, excluded.name)
returning id`

const MESSAGE = `
insert into message (channel, account, direction, conversation_id, seq, kind, body, status, provider_id, usuario_id, sent_at)
values ($2, $3, 'out', $1, $4, 'text', $5::jsonb, 'sent', $6, $7, clock_timestamp())`

const ATENDIDA = `
update conversation set last_seq = $2, mode = 'human', human_since = coalesce(human_since, now()), assigned_to = $3 where id = $1`

const PETICION = `
with suya as (
  update peticion p set address_id = $2
    from comentario c
   where c.id = $1 and p.id = c.peticion_id and p.address_id is null and not p.anonima
  returning p.ciudadano_id
)
update address a set ciudadano_id = suya.ciudadano_id from suya where a.id = $2 and a.ciudadano_id is null`
