import type { EntityManager } from '@mikro-orm/postgresql'
import type { DateTime } from 'luxon'
import { sql } from '../../runtime/sql.ts'
import { type AccountState, type ConfiguredAccount, readAccountStates } from '../../workflow/mensajes/account-state.ts'
import { type Estado, estadoDe } from './canal-estado.ts'

/** What goes over an account: how much was sent, and what waits. */
export interface Cifras {
  /** When the last message came, and when the last one went. */
  recibido: Date | null
  enviado: Date | null
  /** Messages sent since midnight and since the first of the month, where the town is. */
  hoy: number
  mes: number
  pending: number
  waiting_window: number
  ambiguous: number
  failed: number
  /** People who do not want us to write there. */
  bloqueos: number
}

/** One account as the page shows it. */
export interface Canal extends Estado, Cifras {
  canal: string
  cuenta: string
  url: string
  fila: AccountState
}

/** The configured accounts, in their order. */
export async function leerCanales(
  em: EntityManager,
  accounts: readonly ConfiguredAccount[],
  now: DateTime,
): Promise<Canal[]> {
  const parameters = [
    accounts.map(({ name }) => name),
    accounts.map(({ account }) => account),
    now.startOf('day').toJSDate(),
    now.startOf('month').toJSDate(),
  ]
  const cifras = await sql<Cifras>(em, CIFRAS, parameters)
  const states = await readAccountStates(em, accounts)
  return states.flatMap((fila, index) => {
    const mine = cifras[index]
    if (!mine) return []
    const { channel: canal, account: cuenta } = fila
    return [{ ...estadoDe(fila), ...mine, fila, canal, cuenta, url: urlDeCanal(canal, cuenta) }]
  })
}

/** Where an account is shown. */
export const urlDeCanal = (canal: string, cuenta: string): string => `/admin/canales/${canal}/${cuenta}`

/** Somebody who does not want us to write there. */
export interface Bloqueo {
  conversationId: number
  nombre: string | null
  at: Date
}

/** The last of them. */
export function leerBloqueos(
  em: EntityManager,
  { canal, cuenta }: Pick<Canal, 'canal' | 'cuenta'>,
): Promise<Bloqueo[]> {
  return sql<Bloqueo>(em, BLOQUEOS, [canal, cuenta])
}

const BLOQUEOS = `
select c.id as "conversationId", a.name as nombre, a.blocked_at as at
  from address a join conversation c on c.address_id = a.id
 where a.channel = $1 and a.account = $2 and a.blocked_at is not null order by a.blocked_at desc limit 20`

const CIFRAS = `
with waiting as (
  select channel, account, status, count(*)::int as n from message
   where status = 'pending' group by 1, 2, 3
  union all
  select channel, account, status, count(*)::int from message
   where status in ('failed', 'ambiguous', 'waiting_window') and direction = 'out' group by 1, 2, 3
)
select (select created_at from message m where m.channel = a.channel and m.account = a.account and m.direction = 'in'
         order by created_at desc limit 1) as recibido,
       (select sent_at from message m where m.channel = a.channel and m.account = a.account and m.sent_at is not null
         order by sent_at desc limit 1) as enviado,
       (select count(*)::int from message m where m.channel = a.channel and m.account = a.account and m.sent_at >= $3) as hoy,
       (select count(*)::int from message m where m.channel = a.channel and m.account = a.account and m.sent_at >= $4) as mes,
       (select count(*)::int from address d where d.channel = a.channel and d.account = a.account and d.blocked_at is not null) as bloqueos,
       coalesce((select n from waiting w where w.channel = a.channel and w.account = a.account and status = 'pending'), 0) as pending,
       coalesce((select n from waiting w where w.channel = a.channel and w.account = a.account and status = 'waiting_window'), 0) as waiting_window,
       coalesce((select n from waiting w where w.channel = a.channel and w.account = a.account and status = 'ambiguous'), 0) as ambiguous,
       coalesce((select n from waiting w where w.channel = a.channel and w.account = a.account and status = 'failed'), 0) as failed
  from unnest($1::text[], $2::text[]) with ordinality as a (channel, account, nth)
 order by a.nth`
