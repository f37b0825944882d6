import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** Kinds of files. */
export const FORMATOS = ['csv', 'xlsx'] as const
export type Formato = (typeof FORMATOS)[number]

/** A file somebody asked for, and how far it went. */
export interface Exportacion {
  id: string
  formato: Formato
  /** The query of the tray. */
  consulta: string
  contacto: boolean
  hastaId: number
  total: number
  hechas: number
  /** `interrupted` also when its process died: nothing was heard of it for a while. */
  status: 'pending' | 'running' | 'done' | 'interrupted'
  createdAt: Date
}

/** Notes what is going to be exported, of the petitions there are now; forgets what was asked for a month ago. */
export async function crearExportacion(
  em: EntityManager,
  usuarioId: number,
  { formato, consulta, contacto, total }: Pick<Exportacion, 'formato' | 'consulta' | 'contacto' | 'total'>,
): Promise<string> {
  await sql(em, "delete from exportacion where created_at < now() - interval '30 days'")
  const id = randomUUID()
  await sql(
    em,
    `insert into exportacion (id, usuario_id, formato, consulta, contacto, total, hasta_id)
     select $1, $2, $3, $4, $5, $6, coalesce(max(id), 0) from peticion`,
    [id, usuarioId, formato, consulta, contacto, total],
  )
  return id
}

/** One of this user's; nobody has another's. */
export function leerExportacion(em: EntityManager, usuarioId: number, id: string): Promise<Exportacion | undefined> {
  return sqlOne(
    em,
    `select id, formato, consulta, contacto, hasta_id as "hastaId", total, hechas, created_at as "createdAt",
            case when status = 'running' and touched_at < now() - interval '60 seconds' then 'interrupted' else status end as status
       from exportacion where id = $1 and usuario_id = $2`,
    [id, usuarioId],
  )
}

/** How far it is. */
export async function anotarAvance(
  em: EntityManager,
  id: string,
  status: Exportacion['status'],
  hechas: number,
): Promise<void> {
  await sql(em, 'update exportacion set status = $2, hechas = $3, touched_at = now() where id = $1', [
    id,
    status,
    hechas,
  ])
}
