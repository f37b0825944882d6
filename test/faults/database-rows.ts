import { Client } from 'pg'
import { until } from '../../src/runtime/until.ts'
import { POISON } from './chatter.ts'

/** Runs `use` with a connection of its own. */
export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  // A restart of the server between two statements is an event, not only a failure of the next one.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Makes the database refuse every attachment with a poisoned name: a message that can never be processed. */
export async function poisonDatabase(url: string): Promise<void> {
  await withClient(url, (client) =>
    client.query(`
      create function rechaza_veneno() returns trigger language plpgsql as $$
      begin
        if new.source->>'ref' like '${POISON}%' then raise exception 'poisoned on purpose'; end if;
        return new;
      end $$;
      create trigger rechaza_veneno before insert on attachment for each row execute function rechaza_veneno()`),
  )
}

/** What still waits, by kind; empty when all is done. */
export async function waitingRows(url: string): Promise<Record<string, number>> {
  const { rows } = await withClient(url, (client) => client.query<{ kind: string; n: number }>(WAITING))
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]))
}

/** Resolves when nothing waits any more, or with what does when `timeout` (milliseconds) is over. */
export async function drained(url: string, timeout: number): Promise<Record<string, number>> {
  let waiting: Record<string, number> = {}
  await until(
    async () => {
      waiting = await waitingRows(url)
      return Object.keys(waiting).length === 0
    },
    { timeout, every: 500 },
  )
  return waiting
}

const WAITING = `
select status as kind, count(*)::int as n from message where status in ('received', 'pending', 'sending') group by status
union all
select 'outbox ' || kind, count(*)::int from outbox where status = 'pending' group by kind
union all
select 'attachment', count(*)::int from attachment where status in ('pending', 'discarded') having count(*) > 0`
