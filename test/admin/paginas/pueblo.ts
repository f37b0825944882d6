import { pino } from 'pino'
import { fill } from '../../../src/commands/demo/fill.ts'
import { readEnvironment } from '../../../src/runtime/env.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { enlaceFirmado } from '../../../src/workflow/peticion/claves.ts'
import { type Navegador, SECRET_KEY, type TestPanel } from '../panel.ts'

/** What the addresses of the pages are made of; null where the town has no such thing. */
export interface Cosas extends Hechas {
  proceso: string | null
  concluida: string | null
  validada: string | null
  registrada: string | null
  conversacion: number | null
  persona: number | null
  otra: number | null
  comentario: number | null
  muestra: number | null
  publicacion: number | null
  respuesta: number | null
  solicitud: string | null
  capturada: string | null
  otroUsuario: number | null
}

/** Addresses of what was asked for. */
interface Hechas {
  usuario: number
  exportacion: string
  lote: string
  sala: string
  acceso: string
  seguimiento: string
  enIngles: string
}

/** A small town by the demo's own generator, of which one person has every role. */
export async function fundar(panel: TestPanel): Promise<{ quien: Navegador; cosas: Cosas }> {
  const env = readEnvironment({ DATA_DIR: panel.folder, NODE_ENV: 'test' }, `${panel.folder}/.env`)
  const house = { database: panel.database, settings: panel.settings, secretKey: SECRET_KEY }
  const size = { petitions: 30, days: 60, now: new Date(), seed: 26 }
  await fill(env, pino({ level: 'silent' }), house, size, () => undefined)
  const quien = await panel.logIn(
    ['validador', 'capturista', 'comunicacion', 'administrador', 'titular', 'enlace'],
    'SSP',
  )
  return { quien, cosas: await reunir(panel, quien) }
}

async function reunir(panel: TestPanel, quien: Navegador): Promise<Cosas> {
  const em = panel.database.fork()
  for (const one of [SUYAS, AVISOS, PERDIDOS]) await sql(em, one, [quien.usuarioId])
  const abiertas = await sql<{ id: number; version: number; folio: string }>(
    em,
    `select id, version, folio from peticion where estado in ('CANALIZADO', 'RECIBIDO', 'PROCESO') order by id limit 2`,
  )
  const row = await sqlOne<Omit<Cosas, keyof Hechas>>(em, IDS)
  if (!row) throw new Error('the town is empty')
  const exportar = await quien.post('/admin/exportar', { formato: 'csv', consulta: 'situacion=pendientes' })
  const lote = await quien.post('/admin/lotes', {
    clave: crypto.randomUUID(),
    verbo: 'anotar',
    anotar_nota: 'Para la junta',
    p: abiertas.map(({ id, version }) => `${id}.${version}`),
  })
  const sala = await quien.post('/admin/turnos/pantallas', { modulo: '' })
  const acceso = await quien.post(`/admin/usuarios/${row.otroUsuario}/liga`)
  const firmado = (idioma?: 'en') =>
    enlaceFirmado({ publicUrl: '', secretKey: SECRET_KEY }, abiertas[0]?.folio ?? '', idioma)
  return {
    ...row,
    usuario: quien.usuarioId,
    exportacion: String(exportar.headers.location),
    lote: String(lote.headers.location),
    sala: /\/admin\/sala\/[\w-]+/.exec(sala.body)?.[0] ?? '',
    acceso: /\/admin\/acceso\/[\w-]+/.exec(acceso.body)?.[0] ?? '',
    seguimiento: firmado(),
    enIngles: firmado('en'),
  }
}

/** One that this person captured, one that the UAC has to validate, and one that it has to direct: not every small town has them. */
const SUYAS = `
with capturada as (update peticion set capturada_por = $1 where id = (select min(id) from peticion where captura is not null)),
concluida as (
  update peticion set estado = 'CONCLUIDO', resuelto = true, accion_ejecutada = 'Se atendió', observacion = 'Quedó el martes', concluida_at = now()
   where id = (select max(id) from peticion where estado = 'PROCESO'))
update peticion set estado = 'REGISTRADO', dependencia_id = null, enlace_id = null
 where id = (select max(id) from peticion where estado = 'CANALIZADO')`

/** What the enlaces of the town were told, as if it were told to this person. */
const AVISOS = `
insert into aviso_personal (usuario_id, evento, clave, peticion_id, conversation_id, cuenta, at, leido_at)
select distinct on (evento, clave) $1::bigint, evento, clave, peticion_id, conversation_id, cuenta, at, case when id % 2 = 0 then at end
  from aviso_personal order by evento, clave limit 6`

/** Notices that did not reach their citizen. The parameter is there for all three alike. */
const PERDIDOS = `
update message set status = case when id % 2 = 0 then 'failed' else 'ambiguous' end, error = 'blocked', sent_at = null
 where $1::bigint > 0 and id in (select id from message where outbox_id is not null and direction = 'out' order by id desc limit 5)`

const una = (estado: string, orden = 'id') =>
  `(select folio from peticion where estado = '${estado}' and not reservada order by dependencia_id is distinct from 'SSP', ${orden} limit 1)`

const IDS = `
with personas as (select array_agg(id order by id) as ids from ciudadano)
select ${una('PROCESO')} as proceso, ${una('CONCLUIDO')} as concluida, ${una('VALIDADO')} as validada,
       ${una('REGISTRADO')} as registrada,
       (select id from conversation where mode = 'human' order by assigned_to nulls last, id desc limit 1) as conversacion,
       ids[1] as persona, ids[2] as otra, (select min(id) from usuario) as "otroUsuario",
       (select min(id) from comentario) as comentario, (select min(id) from muestra) as muestra,
       (select max(id) from configuracion_publicacion) as publicacion, (select min(id) from respuesta_guardada) as respuesta,
       (select min(folio) from peticion where categoria = 'ARCO') as solicitud,
       (select folio from peticion where captura is not null order by id limit 1) as capturada
  from personas`
