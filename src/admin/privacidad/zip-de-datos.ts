import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type { FileStore } from '../../channels/channel.ts'

/** What a person may take along: `datos.json` with all rows by table, and their files; made piece by piece, one file in memory at a time. */
export async function* zipDeDatos(
  datos: Record<string, unknown[]>,
  files: Pick<FileStore, 'get'>,
): AsyncGenerator<Uint8Array> {
  const hechos: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    hechos.push(piece)
  })
  const json = new ZipDeflate('datos.json', { level: 6 })
  zip.add(json)
  json.push(Buffer.from(JSON.stringify(datos, null, 2)), true)
  yield* hechos.splice(0)
  for (const { key, nombre } of archivosDe(datos)) {
    const bytes = await files.get(key)
    const entry = new ZipPassThrough(nombre)
    zip.add(entry)
    entry.push(bytes, true)
    yield* hechos.splice(0)
  }
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
