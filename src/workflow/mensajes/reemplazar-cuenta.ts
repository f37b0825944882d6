import type { EntityManager } from '@mikro-orm/postgresql'
import type { Replacement } from '../../channels/canales.ts'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Answers, Draft } from '../../conversation/state.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { personaDeAddress } from '../personas/ciudadano.ts'
import { unirCiudadanos } from '../personas/union-de-ciudadanos.ts'
import type { StoreOutbound } from './store-outbound.ts'

/** What taking over needs. */
export interface ReemplazoDeps {
  ahora(): Date
  enviar: StoreOutbound
  /** Whether the channel lets us write only for a while after the citizen did: that while begins anew at another account. */
  conVentana: boolean
}

/**
 * Whoever wrote to the old account goes on at the new one: conversation, draft, petitions and what waits to be sent. Who wrote to both
 * already has there what was unfinished here. Run again, it finds nothing left to do. In the transaction of `em`; gives how many
 * people came along.
 */
export async function reemplazarCuenta(
  em: EntityManager,
  reemplazo: Replacement,
  deps: ReemplazoDeps,
): Promise<number> {
  const { channel, from, to } = reemplazo
  await sql(em, `select pg_advisory_xact_lock(hashtext('reemplazar-cuenta'))`)
  const moved = await sql<{ id: number }>(em, MUDAR, [channel, from, to])
  const ids = moved.map(({ id }) => id)
  await sql(em, LO_QUE_ESPERA, [ids, to])
  if (deps.conVentana) await sql(em, 'update conversation set last_inbound_at = null where address_id = any($1)', [ids])
  const twins = await sql<Gemelas>(em, GEMELAS, [channel, from, to])
  for (const one of twins) await juntar(em, one, deps)
  return moved.length + twins.length
}

/** One person at the old account and at the new one. */
interface Gemelas {
  vieja: number
  nueva: number
  conversacionVieja: number
  conversacionNueva: number
}

async function juntar(em: EntityManager, gemelas: Gemelas, { ahora, enviar }: ReemplazoDeps): Promise<void> {
  const { vieja, nueva, conversacionVieja, conversacionNueva } = gemelas
  await sql(em, 'select 1 from conversation where id = any($1) order by id for no key update', [
    [conversacionVieja, conversacionNueva],
  ])
  const queda = await personaDeAddress(em, nueva, ahora())
  const unido = await personaDeAddress(em, vieja, ahora())
  if (queda !== unido) await unirCiudadanos(em, { queda, unido }, { tipo: 'cuenta' })
  await sql(em, 'update peticion set address_id = $2 where address_id = $1', [vieja, nueva])
  await sql(em, CONSENTIMIENTOS, [vieja, nueva])
  await llevarBorradores(em, gemelas)
  const waiting = await sql<{ id: number; body: OutboundMessage; outboxId: number | null }>(em, ESPERAN, [
    conversacionVieja,
  ])
  for (const { id, body, outboxId } of waiting) {
    const [first] = await enviar(em, conversacionNueva, [body], { outboxId: outboxId ?? undefined })
    await sql(em, `update message set status = 'failed', moved_to = $2, due_at = null where id = $1`, [
      id,
      first ?? null,
    ])
  }
}

/** What was unfinished there is laid aside here, with its files. */
async function llevarBorradores(em: EntityManager, { conversacionVieja, conversacionNueva }: Gemelas): Promise<void> {
  const read = (id: number) =>
    sqlOne<{ flow: string | null; flowVersion: number; step: string | null; answers: Answers; drafts: Draft[] }>(
      em,
      'select flow, flow_version as "flowVersion", step, answers, drafts from conversation where id = $1',
      [id],
    )
  const [alla, aqui] = [await read(conversacionVieja), await read(conversacionNueva)]
  if (!alla || !aqui) return
  const { flow, flowVersion, step, answers } = alla
  const current = flow === 'registrar' ? [{ id: '', flow, flowVersion, step, answers, savedAt: '' }] : []
  const highest = Math.max(0, ...aqui.drafts.map(({ id }) => Number(id)).filter(Number.isSafeInteger))
  const brought = [...alla.drafts, ...current].map((draft, index) => ({ ...draft, id: String(highest + index + 1) }))
  if (brought.length === 0) return
  await sql(em, 'update conversation set drafts = $2::jsonb where id = $1', [
    conversacionNueva,
    storableJson([...aqui.drafts, ...brought]),
  ])
  await sql(
    em,
    `update conversation set drafts = '[]', flow = null, step = null, answers = '{}', misses = 0 where id = $1`,
    [conversacionVieja],
  )
  const files = JSON.stringify(brought).match(UUID) ?? []
  await sql(
    em,
    'update attachment set conversation_id = $2 where id = any($3) and conversation_id = $1 and peticion_id is null',
    [conversacionVieja, conversacionNueva, files],
  )
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

const MUDAR = `
update address a set account = $3 where a.channel = $1 and a.account = $2
   and not exists (select from address b where b.channel = $1 and b.account = $3 and b.external_id = a.external_id)
returning a.id`

const LO_QUE_ESPERA = `
update message m set account = $2 from conversation c
 where c.address_id = any($1) and m.conversation_id = c.id and m.direction = 'out' and m.status in ('pending', 'waiting_window')`

// Once everything of the old one went over, it is no more than the history.
const GEMELAS = `
select a.id as vieja, b.id as nueva, ca.id as "conversacionVieja", cb.id as "conversacionNueva"
  from address a
  join address b on b.channel = a.channel and b.account = $3 and b.external_id = a.external_id
  join conversation ca on ca.address_id = a.id
  join conversation cb on cb.address_id = b.id
 where a.channel = $1 and a.account = $2
   and (exists (select from peticion p where p.address_id = a.id) or ca.flow = 'registrar' or ca.drafts <> '[]'
     or exists (select from message m where m.conversation_id = ca.id and m.status in ('pending', 'waiting_window')))`

// What they said last counts: a BAJA at either of them stays one.
const CONSENTIMIENTOS = `
update address b
   set aviso_version = coalesce(b.aviso_version, a.aviso_version), aviso_at = coalesce(b.aviso_at, a.aviso_at),
       avisos_baja_at = coalesce(b.avisos_baja_at, case when b.avisos_alta_at is null then a.avisos_baja_at end),
       avisos_alta_at = coalesce(b.avisos_alta_at, case when b.avisos_baja_at is null then a.avisos_alta_at end)
  from address a where a.id = $1 and b.id = $2`

const ESPERAN = `
select id, body, outbox_id as "outboxId" from message
 where conversation_id = $1 and direction = 'out' and status in ('pending', 'waiting_window') and body <> '{}'::jsonb
 order by seq for update`
