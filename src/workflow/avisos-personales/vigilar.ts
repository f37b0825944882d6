import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import { ESPERA_SOLA } from '../atencion/espera.ts'
import { accountsInTrouble, type ConfiguredAccount } from '../mensajes/account-state.ts'
import { ATIENDEN } from '../permisos.ts'
import { personalDe } from '../personal.ts'
import { anunciarAvisos, avisar } from './avisar.ts'

/** What began to wait longer ago is told no more. */
const HORAS = 24
/** Seconds in which who has the conversation before them reads the message there, and needs no notice. */
const A_LA_VISTA = 5

/** Tells of what rows show and no movimiento says: somebody asks for a person, or wrote to one; a channel does not work. */
export async function vigilar(em: EntityManager, channels: readonly ConfiguredAccount[]): Promise<void> {
  await em.transactional(async (tx) => {
    await avisarEsperas(tx)
    await avisarMensajes(tx)
    await avisarCaidas(tx, channels)
  })
}

async function avisarEsperas(tx: EntityManager): Promise<void> {
  const rows = await sql<{ id: number; at: Date }>(tx, ESPERAN, [HORAS])
  const ids: number[] = []
  if (rows.length > 0) for (const rol of ATIENDEN) ids.push(...(await personalDe(tx, rol)).map(({ id }) => id))
  for (const { id, at } of rows) {
    const clave = `c${id}-${at.getTime()}`
    await avisar(tx, { evento: 'pide_persona', clave, objeto: { conversationId: id }, at }, ids)
  }
  // Somebody took it, or it is the assistant's again: nobody else is needed.
  const ended = await sql<{ usuario: number }>(tx, YA_NO_ESPERAN)
  for (const { usuario } of ended) await anunciarAvisos(tx, usuario)
}

async function avisarMensajes(tx: EntityManager): Promise<void> {
  const rows = await sql<{ id: number; messageId: number; at: Date; usuario: number }>(tx, MENSAJES, [
    HORAS,
    A_LA_VISTA,
  ])
  for (const { id, messageId, at, usuario } of rows) {
    await avisar(tx, { evento: 'mensaje', clave: `m${messageId}`, objeto: { conversationId: id }, at }, [usuario])
  }
}

async function avisarCaidas(tx: EntityManager, channels: readonly ConfiguredAccount[]): Promise<void> {
  const down = await accountsInTrouble(tx, channels)
  if (down.length === 0) return
  const quienes = await personalDe(tx, 'administrador')
  for (const { channel, account, trouble } of down) {
    const cuenta = `${channel}/${account}`
    const told = await sql<{ id: number }>(tx, CAIDA_DICHA, [cuenta])
    const others = quienes.map(({ id }) => id).filter((id) => !told.some((one) => one.id === id))
    const clave = `${cuenta}-${trouble.since.getTime()}`
    await avisar(tx, { evento: 'canal_caido', clave, objeto: { cuenta }, at: trouble.since }, others)
  }
}

/** Who has the conversation before them reads what was said: nothing of it is told to them later. */
export async function verConversacion(em: EntityManager, usuarioId: number, conversationId: number): Promise<void> {
  await sql(em, VISTA, [usuarioId, conversationId])
}

/** A moment as a notice keeps it: finer parts are lost on the way, and what was told would be found again before what was not. */
const MILISEGUNDOS = (columna: string) => `date_trunc('milliseconds', ${columna})`

const ESPERAN = `
select c.id, c.human_since as at from conversation c
 where c.human_since > clock_timestamp() - make_interval(hours => $1) and ${ESPERA_SOLA}
   and not exists (select from aviso_personal v where v.conversation_id = c.id and v.evento = 'pide_persona' and v.at = ${MILISEGUNDOS('c.human_since')})
 order by c.human_since limit 50`

const YA_NO_ESPERAN = `
with ended as (
  update aviso_personal v set leido_at = clock_timestamp()
    from conversation c
   where c.id = v.conversation_id and v.evento = 'pide_persona' and v.leido_at is null and not (${ESPERA_SOLA})
  returning v.usuario_id)
select distinct usuario_id as usuario from ended`

// One notice until it is read, however many messages come.
const MENSAJES = `
select c.id, m.id as "messageId", m.created_at as at, c.assigned_to as usuario
  from conversation c
  join lateral (select id, created_at, direction from message
    where conversation_id = c.id and (direction = 'in' or usuario_id is not null) order by id desc limit 1) m on true
 where c.mode = 'human' and c.assigned_to is not null and m.direction = 'in'
   and c.last_inbound_at > clock_timestamp() - make_interval(hours => $1)
   and m.created_at < clock_timestamp() - make_interval(secs => $2)
   and not exists (select from aviso_personal v
     where v.conversation_id = c.id and v.usuario_id = c.assigned_to and v.evento = 'mensaje'
       and (v.leido_at is null or v.at >= ${MILISEGUNDOS('m.created_at')}))
 limit 50`

const CAIDA_DICHA = `
select usuario_id as id from aviso_personal where cuenta = $1 and evento = 'canal_caido' and leido_at is null`

const VISTA = `
insert into aviso_personal (usuario_id, evento, clave, conversation_id, at, leido_at, repartido)
select $1, 'mensaje', 'm' || m.id, m.conversation_id, m.created_at, clock_timestamp(), true
  from message m where m.conversation_id = $2 and m.direction = 'in' order by m.id desc limit 1
on conflict (usuario_id, evento, clave) do update set leido_at = coalesce(aviso_personal.leido_at, excluded.leido_at)`
