import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'

/** One account of the ledger: what came in, and what became of each; what no line explains is `sin_explicar`. */
export type Cuenta = 'entrantes' | 'salientes' | 'peticiones' | 'avisos'

/** How many of a kind became what. */
export interface Partida {
  cuenta: Cuenta
  partida: string
  n: number
}

/** The ledger of a day. */
export interface Cuadre {
  /** ISO date, of the municipality. */
  dia: string
  partidas: Partida[]
  /** By account, all that came in; the same as the sum of its lines. */
  totales: Record<Cuenta, number>
  sinExplicar: number
}

const CUENTAS: readonly Cuenta[] = ['entrantes', 'salientes', 'peticiones', 'avisos']

/**
 * Adds up a day: each message that came has an answer, a person who attends it, a reason for silence, or waits; each petition its folio,
 * its first movimiento and its routing; each send and each notice an end, or it waits.
 */
export async function cuadrar(em: EntityManager, dia: string, zona: string): Promise<Cuadre> {
  const partidas = (
    await Promise.all([ENTRANTES, SALIENTES, PETICIONES, AVISOS].map((text) => sql<Partida>(em, text, [dia, zona])))
  ).flat()
  const suma = (de: (one: Partida) => boolean) => partidas.filter(de).reduce((total, { n }) => total + n, 0)
  const totales = Object.fromEntries(CUENTAS.map((cuenta) => [cuenta, suma((one) => one.cuenta === cuenta)]))
  return {
    dia,
    partidas,
    totales: totales as Record<Cuenta, number>,
    sinExplicar: suma((one) => one.partida === 'sin_explicar'),
  }
}

const DEL_DIA = (columna: string) =>
  `${columna} >= $1::date::timestamp at time zone $2 and ${columna} < ($1::date + 1)::timestamp at time zone $2`

// A turn answers several messages at once: the answer is the next thing said. Handled means a place in the conversation, and a moment.
const ENTRANTES = `
select 'entrantes' as cuenta, partida, count(*)::int as n from (
  select case
    when m.status = 'received' then 'espera_turno'
    when m.status in ('refused', 'failed') then case when exists (select from descarte d where d.message_id = m.id) then 'descartado' else m.status end
    when m.seq is null or m.handled_at is null then 'sin_explicar'
    when sigue.usuario_id is not null then 'persona'
    when sigue.seq is not null then 'contestado'
    when c.mode = 'human' then 'espera_persona'
    else 'silencio' end as partida
  from message m join conversation c on c.id = m.conversation_id
  left join lateral (
    select o.seq, o.usuario_id from message o
     where o.conversation_id = m.conversation_id and o.seq > m.seq and o.direction = 'out' order by o.seq limit 1
  ) sigue on true
  where m.direction = 'in' and ${DEL_DIA('m.created_at')}
) x group by partida`

const SALIENTES = `
select 'salientes' as cuenta, partida, count(*)::int as n from (
  select case
    when m.moved_to is not null then 'por_otra_cuenta'
    when m.status in ('sent', 'delivered', 'read') then 'enviado'
    when exists (select from descarte d where d.message_id = m.id) then 'descartado'
    when m.status = 'pending' then 'espera_envio'
    when m.status = 'sending' and m.claimed_until > clock_timestamp() - interval '1 hour' then 'espera_envio'
    when m.status in ('waiting_window', 'failed', 'ambiguous') then m.status
    else 'sin_explicar' end as partida
  from message m where m.direction = 'out' and ${DEL_DIA('m.created_at')}
) x group by partida`

const PETICIONES = `
select 'peticiones' as cuenta, partida, count(*)::int as n from (
  select case
    when not exists (select from movimiento v where v.peticion_id = p.id and v.verbo = 'registrar') then 'sin_explicar'
    when not exists (select from outbox o join movimiento m on m.id = o.movimiento_id where m.peticion_id = p.id and o.kind = 'canalizar') then 'sin_explicar'
    when p.dependencia_id is not null then 'canalizada'
    when p.estado <> 'REGISTRADO' then 'cerrada_sin_canalizar'
    else 'por_canalizar' end as partida
  from peticion p where ${DEL_DIA('p.registrada_at')}
) x group by partida`

const AVISOS = `
select 'avisos' as cuenta, partida, count(*)::int as n from (
  select case
    when o.status = 'done' then 'avisado'
    when o.status = 'skipped' then 'sin_a_quien'
    when exists (select from descarte d where d.outbox_id = o.id) then 'descartado'
    when o.status = 'failed' then 'failed'
    when o.due_at > now() - interval '1 day' then 'espera_envio'
    else 'sin_explicar' end as partida
  from outbox o where o.kind <> 'canalizar' and ${DEL_DIA('o.created_at')}
) x group by partida`
