import { randomUUID } from 'node:crypto'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { leerBorradores } from '../../src/workflow/borradores/borradores.ts'
import { vecina } from '../workflow/ayuntamiento.ts'
import { type Navegador, PASSWORD, type TestPanel } from './panel.ts'
import { dichoEn, MATRIZ, type Objeto } from './permisos-objetos.ts'

/** A thing of the matrix that is no petition of its own. */
export interface Cosa {
  /** What stands in the address for it. */
  valor: string
  /** What names it in a query or form instead. */
  campos?: Record<string, string>
  /** Its row, to see that nothing of it changed. */
  fila: { tabla: string; llave: string; valor: string | number }
}

/** What a thing is made with: the panel, whose it is to be, what petitions that one has in reach. */
interface Taller {
  panel: TestPanel
  quien: Navegador
  suya: Objeto
  objetos: readonly Objeto[]
}

/** What is put where a thing's id stands when there is none such: of the same shape, and of no shape at all. */
export const NADA: Record<string, string> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  numero: '999999999',
  folio: 'UAC-26-999999-0',
  borrador: '999999999_1790000000000',
}
export const DISPARATES = ['%00', "1'--", '99999999999999999999']

const ultimo = ({ headers }: { headers: { location?: string | undefined } }) =>
  String(headers.location ?? '')
    .split('/')
    .at(-1) ?? ''
const fork = ({ panel }: Taller) => panel.database.fork()

/** How each is made. */
export const COSAS: Record<string, (taller: Taller) => Promise<Cosa>> = {
  async exportacion({ quien }) {
    const valor = ultimo(await quien.post('/admin/exportar', { formato: 'csv', consulta: '' }))
    return { valor, fila: { tabla: 'exportacion', llave: 'id', valor } }
  },
  async lote({ quien, suya }) {
    const acto = { clave: randomUUID(), verbo: 'anotar', anotar_nota: 'Una nota', p: String(suya.peticionId) }
    const valor = ultimo(await quien.post('/admin/lotes', acto))
    return { valor, fila: { tabla: 'lote', llave: 'id', valor } }
  },
  async filtro(taller) {
    await taller.quien.post('/admin/filtros', { nombre: `Filtro ${randomUUID()}`, consulta: 'estado=PROCESO' })
    const ultimos = 'select max(id) as id from filtro_guardado where usuario_id = $1'
    return numerada('filtro_guardado', await sqlOne<{ id: number }>(fork(taller), ultimos, [taller.quien.usuarioId]))
  },
  async aviso(taller) {
    const hecho = `insert into aviso_personal (usuario_id, evento, clave, peticion_id, at) values ($1, 'nueva', $2, $3, now()) returning id`
    const valores = [taller.quien.usuarioId, randomUUID(), taller.suya.peticionId]
    return numerada('aviso_personal', await sqlOne<{ id: number }>(fork(taller), hecho, valores))
  },
  async sesion(taller) {
    const otra = taller.panel.stranger()
    await otra.post('/admin/login', { email: taller.quien.email, password: PASSWORD })
    const [row] = await sql<{ id: string; hash: string }>(
      fork(taller),
      `select encode(id_hash, 'hex') as id, id_hash::text as hash from session where usuario_id = $1 order by created_at desc limit 1`,
      [taller.quien.usuarioId],
    )
    const { id = '', hash = '' } = row ?? {}
    return { valor: id, campos: { sesion: id }, fila: { tabla: 'session', llave: 'id_hash', valor: hash } }
  },
  async push(taller) {
    const endpoint = `https://push.example/${randomUUID()}`
    const hecho = `insert into suscripcion_push (usuario_id, endpoint, p256dh, auth, created_at) values ($1, $2, 'p', 'a', now())`
    await sql(fork(taller), hecho, [taller.quien.usuarioId, endpoint])
    return {
      valor: endpoint,
      campos: { endpoint },
      fila: { tabla: 'suscripcion_push', llave: 'endpoint', valor: endpoint },
    }
  },
  capturada: (taller) => capturada(taller, 'capturada'),
  capturada_reservada: (taller) => capturada(taller, 'reservada_capturada'),
  pendiente: (taller) => pendiente(taller, 'BACHEO'),
  pendiente_reservada: (taller) => pendiente(taller, 'QUEJA_SERVIDOR'),
  borrador: (taller) => borrador(taller, 'BACHEO'),
  borrador_reservado: (taller) => borrador(taller, 'QUEJA_SERVIDOR'),
  archivo_de_conversacion: (taller) => archivo(taller, 'propia'),
  archivo_de_reservada: (taller) => archivo(taller, 'reservada_propia'),
  peticion: (taller) => peticion(taller, 'propia'),
  peticion_reservada: (taller) => peticion(taller, 'reservada_propia'),
}

function numerada(tabla: string, row: { id: number } | undefined): Cosa {
  if (!row) throw new Error(`no ${tabla} was made`)
  return { valor: String(row.id), fila: { tabla, llave: 'id', valor: row.id } }
}

/** One of the matrix's, captured by this person just now; whoever captured it last is who did. */
async function capturada(taller: Taller, nombre: string): Promise<Cosa> {
  const { folio } = objetoDe(taller, nombre)
  await sql(fork(taller), 'update peticion set capturada_por = $2, captura = coalesce(captura, $3) where folio = $1', [
    folio,
    taller.quien.usuarioId,
    randomUUID(),
  ])
  return { valor: folio, fila: { tabla: 'peticion', llave: 'folio', valor: folio } }
}

async function pendiente({ quien }: Taller, categoria: string): Promise<Cosa> {
  const captura = randomUUID()
  const campos = { captura, categoria }
  await quien.post('/admin/captura/pendientes', { ...campos, descripcion: dichoEn('pendiente') })
  return { valor: captura, campos, fila: { tabla: 'captura_pendiente', llave: 'captura', valor: captura } }
}

async function borrador(taller: Taller, categoria: string): Promise<Cosa> {
  const { conversationId } = await vecina(fork(taller))
  const hace = new Date(Date.now() - 30 * 3_600_000)
  const answers = { desde: hace.toISOString(), asunto: 'algo', descripcion: 'algo pasó', categoria, colonia: 'Miramar' }
  await sql(
    fork(taller),
    `update conversation set flow = 'registrar', flow_version = 1, step = 'calle', answers = $2, last_inbound_at = $3 where id = $1`,
    [conversationId, JSON.stringify(answers), hace],
  )
  const [made] = await leerBorradores(fork(taller), { antes: new Date(), conversationId, reservadas: true })
  if (!made) throw new Error('no draft was made')
  const valor = `${conversationId}_${Date.parse(made.desde)}`
  return { valor, fila: { tabla: 'conversation', llave: 'id', valor: conversationId } }
}

/** A photograph that was sent while the petition was told, and belongs to no petition. */
async function archivo(taller: Taller, nombre: string): Promise<Cosa> {
  const { conversationId } = objetoDe(taller, nombre)
  const id = randomUUID()
  const row = await sqlOne<{ id: number }>(
    fork(taller),
    `insert into message (channel, account, direction, conversation_id, kind, body, status, created_at)
     values ('telegram', 'default', 'in', $1, 'image', $2, 'handled', now() - interval '1 day') returning id`,
    [conversationId, JSON.stringify({ text: dichoEn(nombre) })],
  )
  await sql(
    fork(taller),
    `insert into message (channel, account, direction, conversation_id, kind, body, status, created_at)
     values ('telegram', 'default', 'out', $1, 'text', '{"text":"Gracias"}', 'sent', now() - interval '1 day')`,
    [conversationId],
  )
  await sql(
    fork(taller),
    `insert into attachment (id, conversation_id, message_id, kind, status, mime, storage_key, thumb_key)
     values ($1, $2, $3, 'image', 'stored', 'image/png', 'adjuntos/matriz', 'adjuntos/matriz')`,
    [id, conversationId, row?.id],
  )
  return { valor: id, fila: { tabla: 'attachment', llave: 'id', valor: id } }
}

function peticion(taller: Taller, nombre: string): Promise<Cosa> {
  const { folio, peticionId } = objetoDe(taller, nombre)
  const campos = { mira: `peticion-${peticionId}`, nota: 'Se le avisó', hasta_message: '0', hasta_outbox: '0' }
  return Promise.resolve({ valor: folio, campos, fila: { tabla: 'peticion', llave: 'folio', valor: folio } })
}

function objetoDe({ objetos }: Taller, nombre: string): Objeto {
  const found = objetos.find((one) => one.nombre === nombre)
  if (!found) throw new Error(`the matrix has no petition ${nombre}`)
  return found
}

/** Is it made once for all, because nobody of the staff makes it? */
export const sinDueno = (cosa: string): boolean => !(MATRIZ.cosas[cosa] ?? []).includes('dueno')

/** What would be asked for, if there were such a thing: of the same shape, and nowhere. */
export function nadaComo({ valor, campos = {} }: Cosa): Pick<Cosa, 'valor' | 'campos'> {
  const otro = (text: string): string => {
    if (/^[0-9a-f]{8}-/.test(text)) return NADA.uuid ?? ''
    if (/^\d+_\d+$/.test(text)) return NADA.borrador ?? ''
    if (text.startsWith('UAC-')) return NADA.folio ?? ''
    if (text.startsWith('https://')) return 'https://push.example/nadie'
    if (/^[0-9a-f]{64}$/.test(text)) return 'f'.repeat(64)
    if (text.startsWith('peticion-')) return `peticion-${NADA.numero}`
    return /^\d{2,}$/.test(text) ? (NADA.numero ?? '') : text
  }
  return { valor: otro(valor), campos: Object.fromEntries(Object.entries(campos).map(([k, v]) => [k, otro(v)])) }
}

/** Leaves of each petition whatever other pages could name it by: notices, holds, failed work, unanswered threads, kept forms. */
export async function dejarRastros(
  panel: TestPanel,
  objetos: readonly Objeto[],
  personas: readonly Navegador[],
): Promise<void> {
  const em = panel.database.fork()
  const ids = objetos.map(({ peticionId }) => peticionId)
  const quienes = personas.map(({ usuarioId }) => usuarioId)
  await sql(
    em,
    `insert into aviso_personal (usuario_id, evento, clave, peticion_id, at)
     select u, 'nueva', 'rastro-' || p, p, now() from unnest($1::bigint[]) u, unnest($2::bigint[]) p`,
    [quienes, ids],
  )
  await sql(
    em,
    `insert into retencion_legal (peticion_id, motivo, usuario_id, at) select p, 'Un juicio', $1, now() from unnest($2::bigint[]) p`,
    [quienes[0], ids],
  )
  await sql(em, `update outbox set status = 'failed', error = 'no quiso' where peticion_id = any($1)`, [ids])
  await sql(
    em,
    `insert into message (channel, account, direction, conversation_id, kind, body, status, error, created_at)
     select 'telegram', 'default', 'out', c.id, 'text', jsonb_build_object('text', p.descripcion), 'failed', 'blocked', now() - interval '1 day'
       from peticion p join conversation c on c.address_id = p.address_id where p.id = any($1)`,
    [ids],
  )
  await sql(
    em,
    `update conversation c set mode = 'human', human_since = now() from peticion p where p.address_id = c.address_id`,
  )
}
