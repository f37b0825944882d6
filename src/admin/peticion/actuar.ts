import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Uso } from '../../conversation/attachment.ts'
import { HttpProblem } from '../../runtime/http.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { alcance, transicionPermitida } from '../../workflow/permisos.ts'
import type { Movido } from '../../workflow/peticion/paso.ts'
import { Conflicto, DatoInvalido, type Falta, FueraDeAlcance, Rechazo } from '../../workflow/peticion/rechazos.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { type Envio, envioDe, tomarEnvio } from '../envio.ts'
import { type Errores, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import {
  type ArchivoGuardado,
  archivosDe,
  borrarTodos,
  borrarTrasFallo,
  guardarTodos,
  registrarArchivo,
} from '../subida.ts'
import { ACCIONES, type Accion, type Ejecucion } from './acciones.ts'
import { type Fallida, folioDe, showDetalle } from './detalle.ts'
import { leerPeticion, type PeticionDetallada } from './detalle-consulta.ts'

/** As many files come with one form at most. */
const FOTOS = 6

/** One route for each verb: /admin/peticiones/:folio/<verbo>. */
export function accionesRoutes(app: FastifyInstance, panel: Panel): void {
  for (const accion of ACCIONES) {
    app.post(`/admin/peticiones/:folio/${accion.verbo}`, { config: { acceso: 'todos' } }, (request, reply) =>
      actuar(panel, accion, request, reply),
    )
  }
}

async function actuar(
  panel: Panel,
  accion: Accion,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { verbo } = accion
  const again = (errores: Errores, status = 422, mas: Partial<Fallida> = {}) =>
    showDetalle(panel, request, reply, { verbo, errores, escrito: typed(request.body), ...mas }, status)
  const done = async () => reply.redirect(await destino(panel, request, verbo), 303)
  if ((await envioDe(panel.database.fork(), request)) === 'hecho') return done()
  const form = accion.leer(request.body)
  if (!form.ok) return again(form.errores)
  const p = await leerPeticion(panel.database.fork(), usuarioDe(request), folioDe(request))
  const archivos = await guardarTodos(panel.files, archivosDe(request.body, 'archivo').slice(0, FOTOS))
  if (typeof archivos === 'string') return again({ archivo: archivos })
  try {
    const envio = await ejecutar(panel, request, p, accion, form.datos, archivos)
    if (envio !== 'nuevo') await borrarTodos(panel.files, archivos)
    return envio === 'distinto' ? again({ forma: 'envio_distinto' }, 409) : done()
  } catch (error) {
    await borrarTrasFallo(panel.files, archivos, error)
    if (!(error instanceof Rechazo)) throw error
    if (error instanceof FueraDeAlcance) throw new HttpProblem(404, 'There is no such petition within your reach.')
    if (error instanceof DatoInvalido) return again(explicar(error))
    return again(explicar(error), 409, { vistoHasta: vistoHasta(request) })
  }
}

/** Back to the queue it came from, or the petition; to the tray, when it is no longer within the reach of who did this. */
async function destino({ database }: Panel, request: FastifyRequest, verbo: string): Promise<string> {
  const folio = folioDe(request)
  const { volver } = z.object({ volver: z.literal('validacion').optional().catch(undefined) }).parse(request.body ?? {})
  if (volver) return `/admin/validacion?hecho=${verbo}`
  const { sql, params } = alcance(usuarioDe(request), 2)
  const seen = await sqlOne(database.fork(), `select 1 from peticion p where p.folio = $1 and ${sql}`, [
    folio,
    ...params,
  ])
  return `/admin${seen ? `/peticiones/${folio}` : ''}?hecho=${verbo}`
}

/** The last movimiento that the page of this form showed. */
function vistoHasta(request: FastifyRequest): number | undefined {
  return z.object({ movimiento: z.coerce.number().int().nonnegative() }).safeParse(request.body).data?.movimiento
}

/** Does the verb, unless this very form was done before. */
async function ejecutar(
  { database, municipio, now }: Panel,
  request: FastifyRequest,
  p: PeticionDetallada,
  { verbo }: Accion,
  run: (ejecucion: Ejecucion) => Promise<Movido>,
  archivos: readonly ArchivoGuardado[],
): Promise<Envio> {
  const actor = usuarioDe(request)
  return database.fork().transactional(async (em) => {
    const envio = await tomarEnvio(em, request, now())
    if (envio !== 'nuevo') return envio
    const conOficio = transicionPermitida(actor, p, verbo)?.conOficio === true
    for (const [n, archivo] of archivos.entries()) {
      const uso = usoDe(verbo, conOficio && n === 0)
      await registrarArchivo(em, archivo, { uso, usuarioId: actor.id, peticionId: p.id })
    }
    const ctx = { ahora: now(), reaperturaDias: municipio.reapertura_dias, prefijo: municipio.folio.prefijo, municipio }
    await run({ em, peticionId: p.id, actor, ctx, archivos: archivos.map(({ id }) => id) })
    const action = `peticion.${verbo}`
    await auditBy(em, request, { action, objectType: 'peticion', objectId: p.folio })
    return envio
  })
}

/** The signed formato, the dependencia's answer on paper, or the proof that it was done. */
function usoDe(verbo: Accion['verbo'], conOficio: boolean): Uso {
  if (verbo === 'procesar') return 'formato'
  return conOficio ? 'oficio' : 'respuesta'
}

/** Fields of the forms that have another name than what the verb misses. */
const FIELD: Partial<Record<Falta, string>> = {
  formato: 'archivo',
  oficio: 'archivo',
  duplicado: 'duplicadoDe',
  ventana: 'forma',
  mencion: 'nota',
  pregunta: 'forma',
  direccion: 'forma',
}

function explicar(error: Rechazo): Errores {
  if (error instanceof DatoInvalido) return { [FIELD[error.falta] ?? error.falta]: `falta_${error.falta}` }
  return { forma: error instanceof Conflicto ? 'conflicto' : 'no_permitido' }
}
