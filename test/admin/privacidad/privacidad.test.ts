import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import { beforeAll, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { vistasDeCatalogo } from '../../../src/workflow/catalogo/vistas-de-catalogo.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { BACHE, type Vecina, vecina } from '../../workflow/ayuntamiento.ts'
import { type Navegador, SECRET_KEY, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let validador: Navegador
let administrador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  validador = await panel.logIn(['validador'], 'UAC')
  administrador = await panel.logIn(['administrador'])
})

const fork = () => panel.database.fork()
const uuidDe = (text: string) =>
  createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

/** Somebody with a pothole asks for one of the four rights by the chat. */
async function pide(derecho: string): Promise<{ folio: string; quien: Vecina; bache: string }> {
  const quien = await vecina(fork(), `marca-${derecho}`)
  const { folio: bache } = await llegada(
    panel,
    { ...BACHE, datos: { ...BACHE.datos, nombre: `Persona de ${derecho}` } },
    quien,
  )
  await sql(
    fork(),
    `insert into message (channel, account, direction, conversation_id, seq, kind, body, status) values ('telegram', 'default', 'in', $1, 1, 'text', $2, 'handled')`,
    [quien.conversationId, JSON.stringify({ text: `dicho de ${derecho}` })],
  )
  const town = { ...panel.settings, ...vistasDeCatalogo(panel.settings.catalogo), secretKey: SECRET_KEY, publicUrl: '' }
  const deps = { ...town, enviar: async () => [], limitsOf: () => ({}) as never, ahora: () => new Date() }
  const turno = { id: quien.conversationId, addressId: quien.addressId, channel: 'telegram', account: 'default' }
  const { folio } = await fork().transactional((em) => servicesFor(em, turno, deps).solicitarArco('Lo pido', derecho))
  return { folio, quien, bache }
}

const cerrar = (...folios: string[]) =>
  sql(fork(), `update peticion set estado = 'VALIDADO' where folio = any($1)`, [folios])

it('a request for access is listed with its right and plazo, and gives all of that person’s data', async () => {
  const { folio, quien } = await pide('acceso')
  for (const id of ['guardada', 'perdida']) {
    const adjunto = `insert into attachment (id, conversation_id, kind, status, mime, storage_key) values (md5($1)::uuid, $2, 'image', 'stored', 'image/png', 'adjuntos/' || $1)`
    await sql(fork(), adjunto, [id, quien.conversationId])
  }
  await panel.files.put('adjuntos/guardada', Buffer.from('una foto'), 'image/png')
  const lista = (await administrador.get('/admin/privacidad')).body
  expect(lista).toContain(folio)
  expect(lista).toContain('Acceso')
  const { rawPayload, statusCode } = await validador.get(`/admin/privacidad/${folio}/datos.zip`)
  const zip = unzipSync(rawPayload)
  const datos = JSON.parse(Buffer.from(zip['datos.json'] ?? []).toString())
  const [guardada, perdida] = ['guardada', 'perdida'].map((id) => `archivos/${uuidDe(id)}.png`)
  expect(Buffer.from(zip[guardada ?? ''] ?? []).toString()).toBe('una foto')
  // What was lost is said, and takes nothing else with it.
  expect(zip[perdida ?? '']).toBeUndefined()
  expect(Buffer.from(zip['archivos-que-faltan.txt'] ?? []).toString()).toMatch(
    `no vienen aquí. Pregunte por ellos donde hizo su solicitud:\n\n${perdida}\n`,
  )
  await validador.get(`/admin/privacidad/${folio}`)
  const visto = `select action from audit where object_id = $1 and usuario_id = $2 order by id`
  expect(await sql(fork(), visto, [folio, validador.usuarioId])).toEqual([
    { action: 'arco.acceso' },
    { action: 'arco.ver' },
  ])
  expect(statusCode).toBe(200)
  expect(JSON.stringify(datos.peticion)).toContain('Persona de acceso')
  expect(JSON.stringify(datos.message)).toContain('dicho de acceso')
  expect(JSON.stringify(datos)).not.toContain('dicho de otra')
})

it('a rectification corrects the name where it stood, and an opposition ends the notices', async () => {
  const { folio, quien, bache } = await pide('rectificacion')
  const url = `/admin/privacidad/${folio}`
  expect((await validador.post(`${url}/rectificar`, { nombre: '', telefono: '', email: '' })).statusCode).toBe(422)
  await validador.post(`${url}/rectificar`, { nombre: 'Persona Corregida', telefono: '833 000 00 01', email: '' })
  const dicho = `select p.nombre, p.telefono, c.nombre as suyo from peticion p join ciudadano c on c.id = p.ciudadano_id where folio = $1`
  expect(await sqlOne(fork(), dicho, [bache])).toEqual({
    nombre: 'Persona Corregida',
    telefono: '+528330000001',
    suyo: 'Persona Corregida',
  })
  await validador.post(`${url}/oponer`)
  const baja = 'select avisos_baja_at is not null as baja from address where id = $1'
  expect(await sqlOne(fork(), baja, [quien.addressId])).toEqual({ baja: true })
})

it('a cancellation waits for what is open and for a legal hold, and then erases everything and leaves a record', async () => {
  const { folio, bache } = await pide('cancelacion')
  const url = `/admin/privacidad/${folio}`
  const abierta = await validador.post(`${url}/cancelar`, { confirmo: 'si' })
  expect([abierta.statusCode, abierta.body.includes(bache)]).toEqual([409, true])
  await cerrar(folio, bache)

  const puesta = { folio: bache, alcance: 'ciudadano', motivo: 'Oficio de prueba' }
  expect(
    (await validador.post('/admin/privacidad/retenciones', { ...puesta, folio: 'UAC-26-999999-9' })).statusCode,
  ).toBe(422)
  await validador.post('/admin/privacidad/retenciones', puesta)
  expect((await validador.post(`${url}/cancelar`, { confirmo: 'si' })).statusCode).toBe(409)
  const hold = await sqlOne<{ id: number }>(fork(), 'select id from retencion_legal')
  await validador.post(`/admin/privacidad/retenciones/${hold?.id}/levantar`, { motivo: 'Terminó' })

  expect((await validador.post(`${url}/cancelar`)).statusCode).toBe(422)
  const hecha = await validador.post(`${url}/cancelar`, { confirmo: 'si' })
  expect(hecha.headers.location).toContain('cancelada')
  const tablas = ['peticion', 'message', 'address', 'ciudadano', 'conversation', 'movimiento', 'bloqueo']
  for (const tabla of tablas) {
    const rows = await sql(
      fork(),
      `select 1 from ${tabla} t where to_jsonb(t)::text ~ 'de cancelacion|marca-cancelacion'`,
    )
    expect([tabla, rows]).toEqual([tabla, []])
  }
  const constancia = `select clase, regla, usuario_id as quien from borrado order by clase`
  expect(await sql(fork(), constancia)).toContainEqual({ clase: 'peticion', regla: 'arco', quien: validador.usuarioId })
  expect(await sql(fork(), `select object_id from audit where action = 'arco.cancelar'`)).toEqual([
    { object_id: folio },
  ])
  expect((await validador.get(url)).statusCode).toBe(200)
})

it('what is blocked is opened by an administrator alone, with a reason that is kept', async () => {
  const { bache } = await pide('oposicion')
  expect((await administrador.post('/admin/privacidad/bloqueados', { folio: bache, motivo: 'Orden' })).statusCode).toBe(
    422,
  )
  const { encerrar } = await import('../../../src/workflow/privacidad/encerrar.ts')
  const { claseDe } = await import('../../../src/workflow/privacidad/clases.ts')
  const row = await sqlOne<{ id: number }>(fork(), 'select id from peticion where folio = $1', [bache])
  const ahora = new Date()
  await fork().transactional((em) =>
    encerrar(
      em,
      claseDe('peticion'),
      row?.id ?? 0,
      { regla: 'retencion' },
      { corte: ahora, ahora, secretKey: SECRET_KEY },
    ),
  )
  expect((await validador.get(`/admin/peticiones/${bache}`)).body).not.toContain('Persona de oposicion')
  const abierto = await administrador.post('/admin/privacidad/bloqueados', { folio: bache, motivo: 'Orden de un juez' })
  expect(abierto.body).toContain('Persona de oposicion')
  expect(await sql(fork(), `select detail from audit where action = 'bloqueo.abrir'`)).toEqual([
    { detail: { motivo: 'Orden de un juez' } },
  ])
})

it('the audit log is searched, taken along and verified, and a changed line is named', async () => {
  const buscada = await administrador.get(`/admin/auditoria?que=arco&quien=${validador.usuarioId}`)
  expect(buscada.body).toContain('arco.cancelar')
  expect(buscada.body).not.toContain('bloqueo.abrir</td>')
  const archivo = await administrador.get('/admin/auditoria/archivo.csv?que=arco.cancelar')
  expect(archivo.body.trim().split('\r\n')).toHaveLength(2)
  expect((await administrador.post('/admin/auditoria/verificar')).body).toContain('La cadena está completa')
  await sql(fork(), 'alter table audit disable trigger user')
  await sql(fork(), `update audit set object_id = 'otro' where id = 2`)
  expect((await administrador.post('/admin/auditoria/verificar')).body).toContain('El renglón 2 fue cambiado.')
})
