import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { sql } from '../../runtime/sql.ts'
import { dia } from '../form.ts'

const diaPedido = dia().optional().catch(undefined)
const texto = z.string().trim().max(100).optional().catch(undefined)

/** What of the audit log is looked for; what cannot be read is not asked. */
export const filtroDeAuditoria = z.object({
  quien: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
  que: texto,
  objeto: texto,
  del: diaPedido,
  al: diaPedido,
  antes: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
})

/** The same, read. */
export type FiltroDeAuditoria = z.infer<typeof filtroDeAuditoria>

/** One line of the log with its seal. */
export interface Renglon {
  id: number
  at: Date
  usuario: string | null
  action: string
  objectType: string | null
  objectId: string | null
  detail: Record<string, unknown>
  ip: string | null
  /** Hexadecimal; null until the next minute. */
  sello: string | null
}

/** The latest lines that fit first; those after the line `antes`. */
export function leerRenglones(
  em: EntityManager,
  { quien, que, objeto, del, al, antes }: FiltroDeAuditoria,
  { zona, limite }: { zona: string; limite: number },
): Promise<Renglon[]> {
  const params = [quien ?? null, que || null, objeto || null, del ?? null, al ?? null, antes ?? null, zona, limite]
  return sql<Renglon>(em, RENGLONES, params)
}

const RENGLONES = `
select a.id, a.at, u.nombre as usuario, a.action, a.object_type as "objectType", a.object_id as "objectId", a.detail, host(a.ip) as ip,
       encode(s.hash, 'hex') as sello
  from audit a left join usuario u on u.id = a.usuario_id left join audit_sello s on s.audit_id = a.id
 where ($1::bigint is null or a.usuario_id = $1) and ($2::text is null or starts_with(a.action, $2))
   and ($3::text is null or a.object_id = $3 or a.object_type = $3)
   and ($4::date is null or a.at >= $4::date::timestamp at time zone $7) and ($5::date is null or a.at < ($5::date + 1)::timestamp at time zone $7)
   and ($6::bigint is null or a.id < $6)
 order by a.id desc limit $8`
