import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { createSecretBox } from '../../runtime/secret-box.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { ClaseDef, Parte } from './clases.ts'
import { COLUMNAS, seVaLaFila, vaciables } from './declaracion.ts'

/** Why something is blocked; by a request of the person themselves somebody of the staff does it. */
export type Motivo = { regla: 'retencion' } | { regla: 'arco'; usuarioId: number }

/** Rows by table, as they were. */
export type Contenido = Record<string, Record<string, unknown>[]>

/** What was put into a box. */
export interface Encerrado {
  id: string
  filas: number
}

/** Boxes of what is blocked. */
export const cajaDeBloqueo = (secretKey: string) => createSecretBox(secretKey, 'datos bloqueados')

/** Where a box lies, as its seal names it. */
export const lugarDeCaja = (id: string): string => `bloqueo/${id}`

/**
 * Takes everything personal of an object out of the tables and into a sealed box, in the transaction of `em`: from then on no page,
 * search, export or notice can show it. Statistics stay. What was said before `corte` is meant where that matters.
 */
export async function encerrar(
  em: EntityManager,
  def: ClaseDef,
  objetoId: number,
  motivo: Motivo,
  { corte, ahora, secretKey }: { corte: Date; ahora: Date; secretKey: string },
): Promise<Encerrado> {
  await porRegla(em)
  const contenido: Contenido = {}
  const duenos = await sqlOne<Duenos>(em, def.duenos, [objetoId])
  for (const parte of def.partes) contenido[parte.tabla] = await tomar(em, parte, objetoId, corte)
  const filas = Object.values(contenido).flat().length
  await sql(em, def.marcar, def.marcar.includes('$3') ? [objetoId, ahora, corte] : [objetoId, ahora])
  const id = randomUUID()
  if (filas > 0) {
    const sellado = cajaDeBloqueo(secretKey).seal(Buffer.from(JSON.stringify(contenido)), lugarDeCaja(id))
    const usuarioId = motivo.regla === 'arco' ? motivo.usuarioId : null
    const dueno = [duenos?.peticion_id ?? null, duenos?.address_id ?? null, duenos?.ciudadano_id ?? null]
    const archivos = archivosDe(contenido)
    await sql(em, CAJA, [id, def.clase, objetoId, ...dueno, sellado, filas, archivos, motivo.regla, usuarioId, ahora])
  }
  return { id, filas }
}

interface Duenos {
  peticion_id: number | null
  address_id: number | null
  ciudadano_id: number | null
}

/** The history and the audit log let this transaction, and no other, take something away. */
export const porRegla = (em: EntityManager): Promise<unknown> =>
  sql(em, `select set_config('canaliza.borrado', 'por regla', true)`)

/** Gives what the rows said, and leaves them without it. */
async function tomar(em: EntityManager, { tabla, donde }: Parte, objetoId: number, corte: Date) {
  const parametros = donde.includes('$2') ? [objetoId, corte] : [objetoId]
  if (seVaLaFila(tabla)) {
    const rows = await sql<{ fila: Record<string, unknown> }>(
      em,
      `delete from ${tabla} t where ${donde} returning to_jsonb(t) as fila`,
      parametros,
    )
    return rows.map(({ fila }) => fila)
  }
  const columnas = vaciables(tabla)
  const nombres = [...clave(tabla), ...columnas.map(({ columna }) => columna)]
  const fila = `jsonb_build_object(${nombres.map((one) => `'${one}', t.${one}`).join(', ')}) as fila`
  const rows = await sql<{ fila: Record<string, unknown> }>(
    em,
    `select ${fila} from ${tabla} t where ${donde} for update of t`,
    parametros,
  )
  const deja = columnas.map(({ columna, queda }) => `${columna} = ${queda}`).join(', ')
  if (rows.length > 0) await sql(em, `update ${tabla} t set ${deja} where ${donde}`, parametros)
  return rows.map(({ fila }) => fila)
}

const clave = (tabla: string): string[] => (COLUMNAS[tabla]?.id ? ['id'] : ['peticion_id'])

function archivosDe({ attachment = [] }: Contenido): string[] {
  return attachment.flatMap((one) => [one.storage_key, one.thumb_key].filter((key) => typeof key === 'string'))
}

const CAJA = `
insert into bloqueo (id, clase, objeto_id, peticion_id, address_id, ciudadano_id, contenido, filas, archivos, regla, usuario_id, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
