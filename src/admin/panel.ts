import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { auditoriaRoutes } from './auditoria/auditoria.ts'
import { avisosRoutes } from './avisos/avisos.ts'
import { campanaRoutes } from './avisos/campana.ts'
import { cuentaAvisosRoutes } from './avisos/cuenta-avisos.ts'
import { suscripcionesPushRoutes } from './avisos/push/suscripciones.ts'
import { avisosActivosRoutes } from './avisos-activos.ts'
import { bandejaRoutes } from './bandeja/bandeja.ts'
import { exportarRoutes } from './bandeja/exportar.ts'
import { filtrosGuardadosRoutes } from './bandeja/filtros-guardados.ts'
import { canalRoutes } from './canales/canal.ts'
import { canalesRoutes, warnOfCaidas } from './canales/canales.ts'
import { borradoresRoutes } from './captura/borradores.ts'
import { capturaRoutes } from './captura/captura.ts'
import { capturaPersonasRoutes } from './captura/captura-personas.ts'
import { capturadaRoutes } from './captura/capturada.ts'
import { capturasPendientesRoutes } from './captura/pendientes-rutas.ts'
import { borradorRoutes } from './configuracion/borrador.ts'
import { diasRoutes } from './configuracion/dias.ts'
import { documentosRoutes } from './configuracion/documentos.ts'
import { fichasRoutes } from './configuracion/fichas.ts'
import { historiaRoutes } from './configuracion/historia.ts'
import { reglasRoutes } from './configuracion/reglas.ts'
import { textosRoutes } from './configuracion/textos.ts'
import { ciudadanoRoutes } from './conversaciones/ciudadano.ts'
import { unirCiudadanosRoutes } from './conversaciones/ciudadano-unir.ts'
import { conversacionesRoutes } from './conversaciones/conversaciones.ts'
import { cuadreRoutes } from './cuadre.ts'
import { accesoRoutes } from './cuentas/acceso.ts'
import { cuentaRoutes } from './cuentas/cuenta.ts'
import { cuentaSegundoPasoRoutes } from './cuentas/cuenta-segundo-paso.ts'
import { loginRoutes } from './cuentas/login.ts'
import { loginCodigoRoutes } from './cuentas/login-codigo.ts'
import { olvidoRoutes } from './cuentas/olvido.ts'
import { sesionesRoutes } from './cuentas/sesiones.ts'
import { usuarioAccesoRoutes } from './cuentas/usuario-acceso.ts'
import { usuariosRoutes } from './cuentas/usuarios.ts'
import type { AdminDeps, Panel } from './deps.ts'
import { descartesRoutes } from './descartes.ts'
import { answerErrors, notHereRoute } from './errors.ts'
import { eventosRoutes } from './eventos.ts'
import { addGuard } from './guard.ts'
import { lotesRoutes } from './lotes/lotes.ts'
import { menuDe } from './menu.ts'
import { noEnteradosRoutes } from './no-enterados.ts'
import { createPages, type Pages } from './pages.ts'
import { pendientesRoutes } from './pendientes.ts'
import { accionesRoutes } from './peticion/actuar.ts'
import { adjuntosRoutes } from './peticion/adjuntos.ts'
import { detalleRoutes } from './peticion/detalle.ts'
import { formatoRoutes } from './peticion/formato.ts'
import { mencionesRoutes } from './peticion/menciones.ts'
import { repuntesRoutes } from './peticion/repuntes.ts'
import { responderRoutes } from './peticion/responder.ts'
import { respuestasRoutes } from './peticion/respuestas.ts'
import { presenciaRoutes } from './presencia/presencia.ts'
import { privacidadRoutes } from './privacidad/privacidad.ts'
import { solicitudRoutes } from './privacidad/solicitud.ts'
import { publicFiles } from './public-files.ts'
import { redesRoutes } from './redes/redes.ts'
import { redesActosRoutes } from './redes/redes-actos.ts'
import { MULTIPART } from './subida.ts'
import { tableroRoutes } from './tableros/tablero.ts'
import { pantallasRoutes } from './turnos/pantallas.ts'
import { salaRoutes } from './turnos/sala.ts'
import { turnosRoutes } from './turnos/turnos.ts'
import { muestrasRoutes } from './validacion/muestras.ts'
import { validacionRoutes } from './validacion/validacion.ts'

const ROUTES: ((app: FastifyInstance, panel: Panel) => void)[] = [
  loginRoutes,
  loginCodigoRoutes,
  accesoRoutes,
  olvidoRoutes,
  cuentaRoutes,
  cuentaSegundoPasoRoutes,
  sesionesRoutes,
  campanaRoutes,
  avisosRoutes,
  cuentaAvisosRoutes,
  suscripcionesPushRoutes,
  noEnteradosRoutes,
  bandejaRoutes,
  repuntesRoutes,
  avisosActivosRoutes,
  filtrosGuardadosRoutes,
  lotesRoutes,
  tableroRoutes,
  exportarRoutes,
  eventosRoutes,
  presenciaRoutes,
  detalleRoutes,
  accionesRoutes,
  responderRoutes,
  respuestasRoutes,
  mencionesRoutes,
  adjuntosRoutes,
  formatoRoutes,
  conversacionesRoutes,
  ciudadanoRoutes,
  unirCiudadanosRoutes,
  redesRoutes,
  redesActosRoutes,
  borradoresRoutes,
  capturaRoutes,
  capturaPersonasRoutes,
  capturasPendientesRoutes,
  capturadaRoutes,
  turnosRoutes,
  pantallasRoutes,
  salaRoutes,
  canalesRoutes,
  canalRoutes,
  validacionRoutes,
  muestrasRoutes,
  usuariosRoutes,
  usuarioAccesoRoutes,
  historiaRoutes,
  borradorRoutes,
  fichasRoutes,
  diasRoutes,
  textosRoutes,
  reglasRoutes,
  documentosRoutes,
  pendientesRoutes,
  descartesRoutes,
  cuadreRoutes,
  privacidadRoutes,
  solicitudRoutes,
  auditoriaRoutes,
  notHereRoute,
]

/** The panel under /admin: register it on the server, after which every route in it is guarded. */
export function createAdmin(deps: AdminDeps): FastifyPluginAsync {
  return async (app) => {
    const panel: Panel = { ...deps, pages: pagesOf(deps) }
    await app.register(helmet, headers(deps))
    await app.register(multipart, MULTIPART)
    addGuard(app, deps)
    warnOfCaidas(app, panel)
    answerErrors(app, panel)
    await app.register(publicFiles)
    for (const add of ROUTES) add(app, panel)
  }
}

/** Changes with the files of `publico/`, so that browsers never mix old and new ones. */
const VERSION = [
  'panel.css',
  'panel.js',
  'borradores.js',
  'teclado.js',
  'elegir.js',
  'fotos.js',
  'mapa.js',
  'sala.js',
  'sala.css',
  'captura.js',
]
  .reduce(
    (hash, name) => hash.update(readFileSync(new URL(`./publico/${name}`, import.meta.url))),
    createHash('sha256'),
  )
  .digest('hex')
  .slice(0, 12)

function pagesOf({ municipio, now }: AdminDeps): Pages {
  return createPages({
    views: new URL('./views', import.meta.url).pathname,
    zone: municipio.zona_horaria,
    now,
    common: (request: FastifyRequest) => {
      const usuario = request.sesion?.usuario
      const menu = usuario ? menuDe(usuario, request.url) : []
      const { caidas, avisosSinLeer, noEnterados } = request
      const frame = { municipio: municipio.municipio, usuario, menu, caidas, avisosSinLeer, noEnterados }
      return { ...frame, csrf: request.sesion?.csrf, version: VERSION }
    },
  })
}

/** Nothing inline, nothing foreign but the tiles of the map. */
function headers({ municipio }: AdminDeps) {
  const tiles = new URL(municipio.mapa.tiles.replace(/\{s\}\.?/, '*.')).origin.replace('%2A', '*')
  return {
    // The server's own, for all pages alike: subdomains are not ours to decide.
    hsts: false,
    referrerPolicy: { policy: 'same-origin' as const },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', tiles],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        mediaSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
  }
}
