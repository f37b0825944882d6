import type { BorradorPeticion } from '../../src/conversation/flows/vocabulary.ts'
import { sqlOne } from '../../src/runtime/sql.ts'
import { type Registrada, registrar } from '../../src/workflow/peticion/registrar.ts'
import { canalizar } from '../../src/workflow/peticion/verbos/canalizar.ts'
import { BACHE, type Vecina, vecina } from '../workflow/ayuntamiento.ts'
import { SECRET_KEY, type TestPanel } from './panel.ts'

/** A petition that came by a chat and was directed to the dependencia of its category, as the jobs do. */
export async function llegada(
  { database, settings }: TestPanel,
  borrador: BorradorPeticion = BACHE,
  quien?: Vecina,
  ahora = new Date(),
): Promise<Registrada & Vecina> {
  const who = quien ?? (await vecina(database.fork()))
  return database.fork().transactional(async (em) => {
    const deps = { ...settings, secretKey: SECRET_KEY, publicUrl: 'http://localhost:3000', ahora }
    const registrada = await registrar(em, borrador, { tipo: 'chat', ...who, medio: 'telegram' }, deps)
    await canalizar(em, registrada.peticionId, { tipo: 'sistema' }, {}, { ahora })
    return { ...registrada, ...who }
  })
}

/** What a petition's row says now. */
export const fila = (panel: TestPanel, folio: string) =>
  sqlOne<{ id: number; estado: string; version: number; resuelto: boolean | null; observacion: string | null }>(
    panel.database.fork(),
    'select id, estado, version, resuelto, observacion from peticion where folio = $1',
    [folio],
  )

/** A form with a file, as a browser sends it. */
export function conArchivo(
  fields: Record<string, string>,
  archivo?: { name: string; bytes: Uint8Array },
): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'linea-que-separa'
  const parts = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  )
  if (archivo) {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="archivo"; filename="${archivo.name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
    parts.push(Buffer.from(head), Buffer.from(archivo.bytes), Buffer.from('\r\n'))
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  return { payload: Buffer.concat(parts), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}

/** The smallest that is a PDF by its first bytes. */
export const PDF = { name: 'formato firmado.pdf', bytes: Buffer.from('%PDF-1.4\n%%EOF\n') }
