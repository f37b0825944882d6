import type { EntityManager } from '@mikro-orm/postgresql'
import { categoriasCapturables } from '../../admin/captura/captura-forma.ts'
import { guardarPendiente } from '../../admin/captura/captura-pendiente.ts'
import { leerSettings } from '../../configuracion/carpeta.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { publicarAvisoActivo } from '../../workflow/avisos/avisos-activos.ts'
import { CATEGORIA_ARCO } from '../../workflow/catalogo/codigos.ts'
import { anotarEnBorrador } from '../../workflow/configuracion/borrador.ts'
import { type Cambio, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import { publicarCambios } from '../../workflow/configuracion/publicar.ts'
import { leerVigente } from '../../workflow/configuracion/versiones.ts'
import { revisar, sacarMuestra } from '../../workflow/peticion/muestra.ts'
import { retener } from '../../workflow/privacidad/retencion-legal.ts'
import type { Demo } from './demo.ts'
import type { Oficina } from './oficina.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What the UAC and the administration set up: notices, ready texts, samples, a change of the configuration. */
export async function setUp(demo: Demo, oficina: Oficina): Promise<void> {
  const em = demo.house.database.fork()
  await announce(demo, em, oficina)
  await writeBeforehand(demo, em, oficina)
  await configure(demo, oficina)
  await sample(demo, em)
  await keepForm(demo, em, oficina)
  await hold(demo, em)
}

async function announce({ personal, clock }: Demo, em: EntityManager, { avisos_activos }: Oficina): Promise<void> {
  const [quien] = personal.validadores
  if (!quien) return
  for (const { horas, oidos, ...aviso } of avisos_activos) {
    const desde = new Date(clock.now().getTime() - 4 * HOUR)
    const hasta = new Date(clock.now().getTime() + horas * HOUR)
    const id = await publicarAvisoActivo(em, { ...aviso, hasta }, quien.id, desde)
    await sql(em, 'update aviso_activo set oidos = $2 where id = $1', [id, oidos])
  }
}

async function writeBeforehand({ personal, clock }: Demo, em: EntityManager, oficina: Oficina): Promise<void> {
  const [validador] = personal.validadores
  for (const { titulo, texto, categorias, estados } of oficina.respuestas) {
    await sql(
      em,
      `insert into respuesta_guardada (titulo, texto, categorias, estados, usuario_id, actualizada_at) values ($1, $2, $3, $4, $5, $6)`,
      [titulo, texto, categorias, estados, validador?.id, clock.now()],
    )
  }
  const de = { enlace: personal.enlace('SSP', null), validador }
  for (const filtro of oficina.filtros) {
    await sql(em, 'insert into filtro_guardado (usuario_id, nombre, consulta) values ($1, $2, $3)', [
      de[filtro.de]?.id,
      filtro.nombre,
      filtro.consulta,
    ])
  }
}

/** Plazos that were changed, and one that somebody is about to change. */
async function configure({ house, env, personal }: Demo, oficina: Oficina): Promise<void> {
  const em = house.database.fork()
  const usuarioId = personal.administrador.id
  const leer = (documentos: Readonly<Record<string, string>>) => leerSettings(documentos, env.source)
  for (const { nota, ...uno } of oficina.publicaciones) {
    const { publicacion, cambio } = await changing(em, uno)
    // After the files were taken up, which was now: publications keep their order.
    const ahora = new Date()
    const asiento = { origen: 'panel' as const, usuarioId, nota }
    await em.transactional((tx) =>
      publicarCambios(tx, { ...asiento, cambios: [cambio], base: publicacion }, { leer, ahora }),
    )
  }
  await anotarEnBorrador(em, usuarioId, [(await changing(em, oficina.borrador)).cambio])
}

async function changing(em: EntityManager, { documento, ruta, valor }: Oficina['borrador']) {
  const { publicacion, documentos } = await leerVigente(em)
  const antes = valorEn(valorDe(documentos[documento] ?? ''), ruta)
  return { publicacion, cambio: { documento, ruta, antes, despues: valor } satisfies Cambio }
}

/** A sample of last month's validated ones, half looked at again. */
async function sample({ personal, clock, house, random }: Demo, em: EntityManager): Promise<void> {
  const [actor] = personal.validadores
  if (!actor) return
  const ahora = clock.now()
  const [del = '', al = ''] = [35, 0].map((ago) => new Date(ahora.getTime() - ago * DAY).toISOString().slice(0, 10))
  const zona = house.settings.municipio.zona_horaria
  const sorteo = { del, al, dependencia: null, tamano: 10, semilla: 'demo' }
  const muestraId = await sacarMuestra(em, actor, sorteo, { zona, ahora })
  if (muestraId === undefined) return
  const sacadas = await sql<{ folio: string }>(
    em,
    'select p.folio from muestra_peticion i join peticion p on p.id = i.peticion_id where i.muestra_id = $1 order by i.orden limit 5',
    [muestraId],
  )
  for (const { folio } of sacadas) {
    const bien = random.chance(0.7)
    const hallazgo = { bien, motivo: bien ? null : ('sin_evidencia' as const), nota: null }
    await revisar(em, actor, { muestraId, folio }, hallazgo, ahora)
  }
}

async function keepForm({ personal, clock, house }: Demo, em: EntityManager, { pendiente }: Oficina): Promise<void> {
  const [quien] = personal.capturistas
  const categoria = (await categoriasCapturables(em)).find(({ id }) => id === pendiente.categoria)
  if (!quien || !categoria) throw new Error(`${pendiente.categoria} cannot be captured`)
  const ahora = new Date(clock.now().getTime() - HOUR)
  const de = { captura: crypto.randomUUID(), usuario: quien, ahora }
  await house.database.fork().transactional((tx) => guardarPendiente(tx, categoria, pendiente.escrito, de))
}

/** A request over personal data is kept from being erased while it is looked into. */
async function hold({ personal, clock }: Demo, em: EntityManager): Promise<void> {
  const suya = await sqlOne<{ id: number }>(em, 'select id from peticion where categoria = $1 order by id limit 1', [
    CATEGORIA_ARCO,
  ])
  const [quien] = personal.validadores
  if (!suya || !quien) return
  const motivo = 'Hay una queja en trámite'
  await retener(em, { peticionId: suya.id, alcance: 'peticion' }, { usuarioId: quien.id, motivo, ahora: clock.now() })
}
