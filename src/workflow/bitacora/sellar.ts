import { createHmac, hkdfSync } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { Database } from '../../runtime/database.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** SQL over `audit a`: all that a line says, as one text that is always written alike. */
export const RENGLON = `jsonb_build_array(a.id, extract(epoch from a.at)::text, a.usuario_id, a.action, a.object_type, a.object_id, a.detail, host(a.ip))::text`

/** How often the lines that were finished since are sealed, in milliseconds. */
const CADA = 60_000

/** Lines sealed in one transaction. */
const DE_UNA_VEZ = 1000

/** The hash of a link: of the link before it and the line, with a key that only who has SECRET_KEY can make. */
export function eslabonDe(secretKey: string): (antes: Buffer, renglon: string) => Buffer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'canaliza bitacora', 32))
  return (antes, renglon) => createHmac('sha256', key).update(antes).update(renglon).digest()
}

/** The seal of the line that says how far the log was cleared, in hexadecimal: of the last link that went, by the key of the chain. */
export const selloDeDepurado = (secretKey: string, hasta: number, hash: Buffer): string =>
  eslabonDe(secretKey)(hash, `depurado hasta ${hasta}`).toString('hex')

/** The link before the first one. */
export const PRIMERO = Buffer.alloc(32)

/** Seals the lines that were committed since; gives their number. Whoever writes to the log never waits for it. */
export async function sellarBitacora(database: Database, secretKey: string, ahora: Date): Promise<number> {
  let sellados = 0
  for (;;) {
    const n = await database.fork().transactional((em) => sellarUnos(em, secretKey, ahora))
    sellados += n
    if (n < DE_UNA_VEZ) return sellados
  }
}

async function sellarUnos(em: EntityManager, secretKey: string, ahora: Date): Promise<number> {
  const lock = await sqlOne<{ ok: boolean }>(em, `select pg_try_advisory_xact_lock(hashtext('sellar bitacora')) as ok`)
  if (!lock?.ok) return 0
  const last = await sqlOne<{ n: number; hash: Buffer }>(em, 'select n, hash from audit_sello order by n desc limit 1')
  const rows = await sql<{ id: number; renglon: string }>(em, POR_SELLAR, [DE_UNA_VEZ])
  const eslabon = eslabonDe(secretKey)
  let hash = last?.hash ?? PRIMERO
  const hashes = rows.map(({ renglon }) => {
    hash = eslabon(hash, renglon)
    return hash
  })
  if (rows.length > 0) await sql(em, SELLOS, [last?.n ?? 0, rows.map(({ id }) => id), hashes, ahora])
  return rows.length
}

/** Seals each minute until `signal` aborts; of many processes one does it at a time. */
export async function seguirSellando(
  { database, secretKey, log, now }: { database: Database; secretKey: string; log: Logger; now(): Date },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sellarBitacora(database, secretKey, now()).catch((error) =>
      log.warn({ err: error }, 'the audit log waits for the database to be sealed'),
    )
    await pause(CADA, undefined, { signal }).catch(() => undefined)
  }
}

// A transaction that began before the last sealed line may have ended since; none lasts a day.
const POR_SELLAR = `
select a.id, ${RENGLON} as renglon from audit a
 where a.at > coalesce((select u.at from audit_sello s join audit u on u.id = s.audit_id order by s.n desc limit 1) - interval '1 day', '-infinity')
   and not exists (select from audit_sello s where s.audit_id = a.id)
 order by a.id limit $1`

const SELLOS = `
insert into audit_sello (n, audit_id, hash, sellado_at)
select $1 + u.orden, u.id, u.hash, $4 from unnest($2::bigint[], $3::bytea[]) with ordinality u (id, hash, orden)`
