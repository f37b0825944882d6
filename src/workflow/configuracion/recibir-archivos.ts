import type { EntityManager } from '@mikro-orm/postgresql'
import { StartupProblem } from '../../runtime/problem.ts'
import { sql } from '../../runtime/sql.ts'
import { aplicar } from './aplicar.ts'
import { type Cambio, diferencias, seTocan, valorDe } from './cambios.ts'
import { type PublicarDeps, publicarDocumentos } from './publicar.ts'
import { type Documentos, esperarTurno, leerVigente } from './versiones.ts'

/** What became of the files: the publication they made, 0 for none, and what of the panel's they replaced. */
export interface Recibidos {
  publicacion: number
  /** Changes made in the panel that the files say otherwise, or that do not go with them: they are no longer in force. */
  reemplazados: Cambio[]
}

/**
 * Takes up the files of config/ that changed since they were last read, as a publication of their own, in the transaction of `tx`. What
 * was changed in the panel stays where the file did not change the same; where both did, the file is the newer.
 * @throws {StartupProblem} when the files themselves are no valid configuration.
 */
export async function recibirArchivos(tx: EntityManager, archivos: Documentos, deps: PublicarDeps): Promise<Recibidos> {
  await esperarTurno(tx)
  const vistos = await archivosVistos(tx)
  const editados = Object.entries(archivos).filter(([documento, texto]) => vistos[documento] !== texto)
  if (editados.length === 0) return { publicacion: 0, reemplazados: [] }
  const { documentos } = await leerVigente(tx)
  const fundidos = editados.map(([documento, texto]) => {
    const propio = documentos[documento]
    const base = vistos[documento]
    return propio === undefined || base === undefined
      ? { documento, texto, reemplazados: [], conservados: [] }
      : { documento, ...fundir(documento, base, texto, propio) }
  })
  const asiento = { origen: 'archivo', nota: '' } as const
  const recibidos = await probar(tx, deps, fundidos, asiento, archivos)
  await anotarVistos(tx, editados, deps.ahora)
  return recibidos
}

type Fundido = ReturnType<typeof fundir> & { documento: string }

/** First with what the panel changed; when that does not go with the new files, the files alone. */
async function probar(
  tx: EntityManager,
  deps: PublicarDeps,
  fundidos: Fundido[],
  asiento: { origen: 'archivo'; nota: string },
  archivos: Documentos,
): Promise<Recibidos> {
  const textos = Object.fromEntries(fundidos.map((one) => [one.documento, one.texto]))
  try {
    const publicacion = await tx.transactional((savepoint) => publicarDocumentos(savepoint, asiento, textos, deps))
    return { publicacion, reemplazados: fundidos.flatMap((one) => one.reemplazados) }
  } catch (error) {
    if (!(error instanceof StartupProblem)) throw error
    const publicacion = await publicarDocumentos(tx, asiento, archivos, deps)
    return { publicacion, reemplazados: fundidos.flatMap((one) => [...one.reemplazados, ...one.conservados]) }
  }
}

/** The new file with what was changed elsewhere since the old one. */
export function fundir(documento: string, base: string, archivo: string, propio: string) {
  const original = valorDe(base)
  const delArchivo = diferencias(documento, original, valorDe(archivo))
  const propios = diferencias(documento, original, valorDe(propio))
  const reemplazados = propios.filter((one) => delArchivo.some((otro) => seTocan(one, otro)))
  const conservados = propios.filter((one) => !reemplazados.includes(one))
  return { texto: conservados.length === 0 ? archivo : aplicar(archivo, conservados), reemplazados, conservados }
}

async function archivosVistos(em: EntityManager): Promise<Documentos> {
  const rows = await sql<{ documento: string; contenido: string }>(
    em,
    'select documento, contenido from configuracion_archivo',
  )
  return Object.fromEntries(rows.map(({ documento, contenido }) => [documento, contenido]))
}

async function anotarVistos(em: EntityManager, archivos: [string, string][], at: Date): Promise<void> {
  for (const [documento, contenido] of archivos) {
    await sql(
      em,
      `insert into configuracion_archivo (documento, contenido, visto_at) values ($1, $2, $3)
       on conflict (documento) do update set contenido = excluded.contenido, visto_at = excluded.visto_at`,
      [documento, contenido, at],
    )
  }
}
