import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { antesYDespues, type Fotos } from '../peticion/antes-despues.ts'
import { type Archivo, leerArchivos, leerMovimientos, type MovimientoDetallado } from '../peticion/detalle-consulta.ts'

/** An answer that is to be compared with the facts. */
interface PorValidar {
  id: number
  folio: string
  version: number
  asunto: string
  descripcion: string
  lugar: string
  dependencia: string | null
  resuelto: boolean | null
  accionEjecutada: string | null
  observacion: string | null
  concluidaAt: Date | null
  validadaAt: Date | null
  reservada: boolean
  /** What the citizen said of it in the survey. */
  encuesta: { resuelto: boolean; calificacion: number | null; comentario: string | null } | null
}

/** With what is beside it on the page. */
export type Tarjeta = PorValidar & {
  fotos: Fotos
  papeles: Archivo[]
  dijo: MovimientoDetallado[]
  ultimo: number
  envios: string[]
}

/** As many are shown at once. */
const PAGINA = 10

const query = z.object({
  hecho: z.enum(['validar', 'rechazar']).optional().catch(undefined),
})

/** Answers to compare with the facts: the queue, longest waiting first. */
export function validacionRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/validacion', { config: { acceso: SECCIONES.validacion.acceso } }, (request, reply) =>
    show(panel, request, reply),
  )
}

async function show(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hecho } = query.parse(request.query)
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const tarjetas = await conLoSuyo(em, await cola(em, usuario))
  return panel.pages.show(request, reply, 'validacion', {
    hecho,
    tarjetas,
    total: await cuantas(em, usuario),
  })
}

/** All of them by two queries, however many they are. */
async function conLoSuyo(em: EntityManager, rows: PorValidar[]): Promise<Tarjeta[]> {
  const ids = rows.map(({ id }) => id)
  const archivos = Map.groupBy(await leerArchivos(em, ...ids), ({ peticionId }) => peticionId)
  const movimientos = Map.groupBy(await leerMovimientos(em, ...ids), ({ peticionId }) => peticionId)
  return rows.map((one) => tarjetaDe(one, archivos.get(one.id) ?? [], movimientos.get(one.id) ?? []))
}

function tarjetaDe(one: PorValidar, archivos: Archivo[], movimientos: MovimientoDetallado[]): Tarjeta {
  const concluir = movimientos.findLast(({ verbo }) => verbo === 'concluir')?.id ?? 0
  const fotos = antesYDespues(archivos, movimientos)
  return {
    ...one,
    fotos,
    papeles: archivos.filter((file) => file.movimientoId === concluir && !fotos.despues.includes(file)),
    dijo: movimientos.filter(({ id, actor }) => id > concluir && actor === 'ciudadano'),
    ultimo: movimientos.at(-1)?.id ?? 0,
    envios: [randomUUID(), randomUUID()],
  }
}

async function cuantas(em: EntityManager, usuario: UsuarioActor): Promise<number> {
  const { sql: condicion, params } = alcance(usuario, 1)
  const row = await sqlOne<{ n: number }>(
    em,
    `select count(*) as n from peticion p where p.estado = 'CONCLUIDO' and ${condicion}`,
    params,
  )
  return row?.n ?? 0
}

function cola(em: EntityManager, usuario: UsuarioActor): Promise<PorValidar[]> {
  const { sql: condicion, params } = alcance(usuario, 2)
  return sql(em, `${TARJETA} where p.estado = 'CONCLUIDO' and ${condicion} order by p.concluida_at, p.id limit $1`, [
    PAGINA,
    ...params,
  ])
}

/** These petitions as far as this user may see them, each with what was answered and its proof. */
export async function tarjetasDe(em: EntityManager, usuario: UsuarioActor, ids: readonly number[]): Promise<Tarjeta[]> {
  const { sql: condicion, params } = alcance(usuario, 2)
  const rows = await sql<PorValidar>(em, `${TARJETA} where p.id = any($1) and ${condicion}`, [ids, ...params])
  return conLoSuyo(em, rows)
}

const TARJETA = `
select p.id, p.folio, p.version, p.asunto, p.descripcion, concat_ws(', ', p.calle, p.colonia) as lugar,
       d.nombre as dependencia, p.resuelto, p.accion_ejecutada as "accionEjecutada", p.observacion,
       p.concluida_at as "concluidaAt", p.validada_at as "validadaAt", p.reservada,
       case when e.peticion_id is not null then json_build_object('resuelto', e.resuelto, 'calificacion', e.calificacion, 'comentario', e.comentario) end as encuesta
  from peticion p left join dependencia d on d.id = p.dependencia_id left join encuesta e on e.peticion_id = p.id`
