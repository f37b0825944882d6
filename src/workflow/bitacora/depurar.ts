import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { PRIMERO, selloDeDepurado } from './sellar.ts'

/** Lines that go in one transaction. */
const DE_UNA_VEZ = 1000

/** Sealed lines written before `corte`, from the oldest on without a gap; none while anything is under a legal hold. */
export async function contarPorDepurar(em: EntityManager, corte: Date): Promise<number> {
  const row = await sqlOne<{ n: number }>(em, `select count(*)::int as n from (${PREFIJO}) s`, [corte])
  return row?.n ?? 0
}

/**
 * Takes out the oldest lines of the log, a thousand at most, in the transaction of `em`, which must be allowed to. Their links stay, and
 * a line of its own says how far it went, with a seal that only who has SECRET_KEY can make: the chain is whole, and whoever took out
 * others is found. @returns how many lines went.
 */
export async function depurarBitacora(em: EntityManager, corte: Date, secretKey: string): Promise<number> {
  const idos = await sql<{ n: number }>(em, `${PREFIJO} limit ${DE_UNA_VEZ}`, [corte])
  const hasta = idos.at(-1)?.n
  if (hasta === undefined) return 0
  const eslabon = await sqlOne<{ hash: Buffer }>(em, 'select hash from audit_sello where n = $1', [hasta])
  await sql(em, 'delete from audit a using audit_sello s where s.audit_id = a.id and s.n <= $1', [hasta])
  await sql(em, `insert into audit (action, object_type, detail) values ('bitacora.depurar', 'bitacora', $1)`, [
    JSON.stringify({
      hasta,
      renglones: idos.length,
      sello: selloDeDepurado(secretKey, hasta, eslabon?.hash ?? PRIMERO),
    }),
  ])
  return idos.length
}

const PREFIJO = `
select s.n from audit_sello s join audit a on a.id = s.audit_id
 where s.n < coalesce((select min(k.n) from audit_sello k join audit b on b.id = k.audit_id where b.at >= $1), 9e18)
   and not exists (select from retencion_legal where levantada_at is null)
 order by s.n`
