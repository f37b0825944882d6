import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyRequest } from 'fastify'
import { storableJson } from '../runtime/json.ts'
import { sql } from '../runtime/sql.ts'
import { ipOrNull } from '../runtime/throttle.ts'
import { usuarioDe } from './guard.ts'

/** One line of the audit log: who did what to which object. Never holds a password, a token or a citizen's words. */
export interface AuditEntry {
  /** Absent when nobody is logged in. */
  usuarioId?: number | undefined
  /** `sesion.abrir`, `peticion.ver`, `usuario.editar`… */
  action: string
  objectType?: string
  objectId?: string | number
  detail?: Record<string, unknown>
  ip?: string
}

/** Adds a line in the transaction of `em`, so that no change is made without it. */
export async function audit(em: EntityManager, entry: AuditEntry): Promise<void> {
  await sql(
    em,
    'insert into audit (usuario_id, action, object_type, object_id, detail, ip) values ($1, $2, $3, $4, $5, $6)',
    [
      entry.usuarioId ?? null,
      entry.action,
      entry.objectType ?? null,
      entry.objectId === undefined ? null : String(entry.objectId),
      storableJson(entry.detail ?? {}),
      ipOrNull(entry.ip),
    ],
  )
}

/** Adds what the logged-in user of the request did. */
export const auditBy = (
  em: EntityManager,
  request: FastifyRequest,
  entry: Omit<AuditEntry, 'usuarioId' | 'ip'>,
): Promise<void> => audit(em, { ...entry, usuarioId: usuarioDe(request).id, ip: request.ip })

/** Adds that the user opened a page; one that comes back with something to correct in its form was opened before. */
export async function auditLook(
  em: EntityManager,
  request: FastifyRequest,
  entry: Omit<AuditEntry, 'usuarioId' | 'ip'>,
): Promise<void> {
  if (request.method === 'GET') await auditBy(em, request, entry)
}
