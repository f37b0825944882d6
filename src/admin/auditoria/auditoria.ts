import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sql } from '../../runtime/sql.ts'
import { sellarBitacora } from '../../workflow/bitacora/sellar.ts'
import { verificarBitacora } from '../../workflow/bitacora/verificar.ts'
import { auditBy } from '../audit.ts'
import { csv } from '../bandeja/exportar-csv.ts'
import type { Panel } from '../deps.ts'
import { SECCIONES } from '../menu.ts'
import { type FiltroDeAuditoria, filtroDeAuditoria, leerRenglones, type Renglon } from './auditoria-consulta.ts'

const config = { acceso: SECCIONES.auditoria.acceso }

/** Lines on a page, and lines read at a time for a file. */
const PAGINA = 50
const LOTE = 2000

/** The audit log: who did what to what, searched, taken along as CSV, and its chain of seals verified. */
export function auditoriaRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, secretKey, now } = panel
  app.get('/admin/auditoria', { config }, (request, reply) =>
    mostrar(panel, request).then((data) => panel.pages.show(request, reply, 'auditoria', data)),
  )
  app.post('/admin/auditoria/verificar', { config }, async (request, reply) => {
    await sellarBitacora(database, secretKey, now())
    const verificacion = await verificarBitacora(database.fork(), secretKey)
    const { revisados, fallas } = verificacion
    await anotar(panel, request, 'bitacora.verificar', { revisados, fallas: fallas.length })
    return panel.pages.show(request, reply, 'auditoria', { ...(await mostrar(panel, request)), verificacion })
  })
  app.get('/admin/auditoria/archivo.csv', { config }, async (request, reply) => {
    const filtro = filtroDeAuditoria.parse(request.query)
    await anotar(panel, request, 'bitacora.exportar', { ...filtro })
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="bitacora.csv"')
      .header('cache-control', 'no-store')
      .send(Readable.from(csv(ENCABEZADOS, lotes(panel, filtro))))
  })
}

async function mostrar({ database, municipio }: Panel, request: FastifyRequest) {
  const em = database.fork()
  const filtro = filtroDeAuditoria.parse(request.query)
  const renglones = await leerRenglones(em, filtro, { zona: municipio.zona_horaria, limite: PAGINA })
  const ultimo = renglones.length === PAGINA ? renglones.at(-1)?.id : undefined
  return {
    filtro,
    renglones,
    usuarios: await sql<{ valor: number; texto: string }>(em, USUARIOS),
    acciones: (await sql<{ action: string }>(em, ACCIONES)).map(({ action }) => action),
    consulta: consultaDe({ ...filtro, antes: undefined }),
    siguiente: ultimo === undefined ? undefined : consultaDe({ ...filtro, antes: ultimo }),
  }
}

function consultaDe(filtro: FiltroDeAuditoria): string {
  const puestos = Object.entries(filtro).filter(([, value]) => value !== undefined && value !== '')
  return new URLSearchParams(puestos.map(([key, value]): [string, string] => [key, String(value)])).toString()
}

const ENCABEZADOS = ['renglon', 'cuando', 'quien', 'que', 'tipo', 'objeto', 'detalle', 'ip', 'sello']

const celdas = (one: Renglon) => [
  one.id,
  one.at.toISOString(),
  one.usuario ?? '',
  one.action,
  one.objectType ?? '',
  one.objectId ?? '',
  JSON.stringify(one.detail),
  one.ip ?? '',
  one.sello ?? '',
]

async function* lotes({ database, municipio }: Panel, filtro: FiltroDeAuditoria) {
  let antes: number | undefined
  do {
    const lote = await leerRenglones(
      database.fork(),
      { ...filtro, antes },
      { zona: municipio.zona_horaria, limite: LOTE },
    )
    yield lote.map(celdas)
    antes = lote.length === LOTE ? lote.at(-1)?.id : undefined
  } while (antes !== undefined)
}

const anotar = ({ database }: Panel, request: FastifyRequest, action: string, detail: Record<string, unknown>) =>
  auditBy(database.fork(), request, { action, objectType: 'bitacora', detail })

const USUARIOS = 'select id as valor, nombre as texto from usuario order by sin_acentos(nombre), id limit 1000'

// A loose index scan would be quicker; the log of a day tells what is done.
const ACCIONES = `select distinct action from (select action from audit order by id desc limit 5000) a order by 1`
