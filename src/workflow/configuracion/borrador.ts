import { isDeepStrictEqual } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { type Cambio, cambiosSchema, diferencias, type Valor, valorDe } from './cambios.ts'
import { type Choque, choquesDe, conCambios } from './publicar.ts'
import { type Documentos, leerVigente, type Vigente } from './versiones.ts'

/** What somebody changed and did not publish yet, beside what is in force. */
export interface Borrador {
  vigente: Vigente
  cambios: Cambio[]
  /** The publication that it takes back. */
  deshace: number | null
  /** Changes whose place somebody else changed since; they are not in `documentos`. */
  choques: Choque[]
  /** All documents as they would be. */
  documentos: Documentos
}

/** The draft of this user; one that never began is empty. */
export async function leerBorrador(em: EntityManager, usuarioId: number): Promise<Borrador> {
  const vigente = await leerVigente(em)
  const row = await sqlOne<{ cambios: unknown; deshace: number | null }>(
    em,
    'select cambios, deshace from configuracion_borrador where usuario_id = $1',
    [usuarioId],
  )
  const cambios = cambiosSchema.parse(row?.cambios ?? [])
  const choques = choquesDe(cambios, vigente.documentos)
  const aplicables = cambios.filter((one) => !choques.some((choque) => isDeepStrictEqual(choque.ruta, one.ruta)))
  const documentos = { ...vigente.documentos, ...conCambios(vigente.documentos, aplicables) }
  return { vigente, cambios, deshace: row?.deshace ?? null, choques, documentos }
}

/** Puts changes into the draft on top of what is there; what they take back to how it is in force leaves it. */
export async function anotarEnBorrador(tx: EntityManager, usuarioId: number, nuevos: readonly Cambio[]): Promise<void> {
  const { vigente, documentos, choques, deshace } = await leerBorrador(tx, usuarioId)
  const cambiados = { ...documentos, ...conCambios(documentos, nuevos) }
  const pendientes = Object.entries(cambiados).flatMap(([nombre, texto]) =>
    texto === vigente.documentos[nombre] ? [] : distintos(nombre, vigente.documentos[nombre], texto),
  )
  const chocados = choques.map(({ actual: _, ...cambio }) => cambio)
  await guardarBorrador(tx, usuarioId, [...pendientes, ...chocados], deshace)
}

const distintos = (nombre: string, antes: string | undefined, despues: string): Cambio[] =>
  diferencias(nombre, antes === undefined ? undefined : valorDe(antes), valorDe(despues))

/** Keeps a draft, or forgets it when nothing is in it. */
export async function guardarBorrador(
  em: EntityManager,
  usuarioId: number,
  cambios: readonly Cambio[],
  deshace: number | null,
): Promise<void> {
  if (cambios.length === 0) await sql(em, 'delete from configuracion_borrador where usuario_id = $1', [usuarioId])
  else
    await sql(
      em,
      `insert into configuracion_borrador (usuario_id, cambios, deshace, updated_at) values ($1, $2, $3, now())
       on conflict (usuario_id) do update set cambios = excluded.cambios, deshace = excluded.deshace, updated_at = now()`,
      [usuarioId, JSON.stringify(cambios), deshace],
    )
}

/** Where a change that collides is decided again: one's own stays, over what stands there now, or is given up. */
export const resolver = (
  cambios: readonly Cambio[],
  ruta: string,
  actual: Valor | undefined,
  conservar: boolean,
): Cambio[] => cambios.flatMap((one) => (claveDe(one) !== ruta ? [one] : conservar ? [{ ...one, antes: actual }] : []))

/** Names a change in a form: its document and place. */
export const claveDe = ({ documento, ruta }: Cambio): string => JSON.stringify([documento, ...ruta])
