import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type { Logger } from 'pino'
import type { FileStore } from '../../channels/channel.ts'

/** What is said of files that could not be read, and where the staff learns why. */
interface Faltantes {
  faltan: string
  log: Pick<Logger, 'error'>
}

/**
 * What a person may take along: `datos.json` with all rows by table, and their files; made piece by piece, one file in memory at a time.
 * Files that cannot be read are named in `archivos-que-faltan.txt`: the rest is theirs all the same.
 */
export async function* zipDeDatos(
  datos: Record<string, unknown[]>,
  files: Pick<FileStore, 'get'>,
  { faltan, log }: Faltantes,
): AsyncGenerator<Uint8Array> {
  const perdidos: string[] = []
  const hechos: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    hechos.push(piece)
  })
  const json = new ZipDeflate('datos.json', { level: 6 })
  zip.add(json)
  json.push(Buffer.from(JSON.stringify(datos, null, 2)), true)
  yield* hechos.splice(0)
  const meter = (nombre: string, bytes: Uint8Array) => {
    const entry = new ZipPassThrough(nombre)
    zip.add(entry)
    entry.push(bytes, true)
    return hechos.splice(0)
  }
  for (const { key, nombre } of archivosDe(datos)) {
    try {
      yield* meter(nombre, await files.get(key))
    } catch (error) {
      log.error({ err: error, archivo: nombre }, 'a file of a request for access could not be read')
      perdidos.push(nombre)
    }
  }
  if (perdidos.length > 0) yield* meter('archivos-que-faltan.txt', Buffer.from(`${faltan}\n\n${perdidos.join('\n')}\n`))
  zip.end()
  yield* hechos.splice(0)
}

function archivosDe({ attachment = [] }: Record<string, unknown[]>): { key: string; nombre: string }[] {
  return attachment.flatMap((one) => {
    if (typeof one !== 'object' || one === null || !('storage_key' in one) || !('id' in one)) return []
    const { storage_key: key, id } = one
    if (typeof key !== 'string') return []
    const mime = 'mime' in one && typeof one.mime === 'string' ? (one.mime.split('/')[1] ?? 'bin') : 'bin'
    return [{ key, nombre: `archivos/${String(id)}.${mime.replace(/[^a-z0-9]/g, '')}` }]
  })
}
