import type { EntityManager } from '@mikro-orm/postgresql'
import type { FileStore } from '../../channels/channel.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Clase } from './clases.ts'

/** Files deleted side by side. */
const A_LA_VEZ = 10

interface Caja {
  clase: Clase
  regla: string
  filas: number
  archivos: string[]
  at: Date
  usuarioId: number | null
}

/**
 * Erases a box with its files for ever and leaves a record of it, in a transaction of its own; false when a legal hold keeps it or it
 * is gone. Ended half-way it is done again: a file that is gone already is no trouble.
 */
export function borrarCaja(
  em: EntityManager,
  files: Pick<FileStore, 'delete'>,
  id: string,
  ahora: Date,
): Promise<boolean> {
  return em.transactional(async (tx) => {
    // A hold that is being set is waited for; one that comes while the files go waits.
    await sql(tx, 'lock table retencion_legal in share mode')
    const caja = await sqlOne<Caja>(tx, SIN_RETENCION, [id])
    if (!caja) return false
    // Some at a time: the transaction must not idle longer than the database lets it.
    for (let at = 0; at < caja.archivos.length; at += A_LA_VEZ)
      await Promise.all(caja.archivos.slice(at, at + A_LA_VEZ).map((key) => files.delete(key)))
    await sql(tx, 'delete from bloqueo where id = $1', [id])
    const { clase, regla, filas, archivos, at, usuarioId } = caja
    await sql(tx, CONSTANCIA, [ahora, clase, regla, filas, archivos.length, at, usuarioId])
    return true
  })
}

/** SQL: the box `b` is under no legal hold. */
export const CAJA_LIBRE = `
not exists (select from retenido r where (r.clase = 'peticion' and r.id = b.peticion_id)
   or (r.clase = 'address' and r.id = b.address_id) or (r.clase = 'ciudadano' and r.id = b.ciudadano_id))`

const SIN_RETENCION = `
select b.clase, b.regla, b.filas, b.archivos, b.at, b.usuario_id as "usuarioId" from bloqueo b
 where b.id = $1 and ${CAJA_LIBRE} for update of b`

/** Adds a record of an erasure: when, of which kind, by which rule, rows, files, since when it was blocked, by whom. */
export const CONSTANCIA = `
insert into borrado (at, clase, regla, filas, archivos, bloqueado_at, usuario_id) values ($1, $2, $3, $4, $5, $6, $7)`
