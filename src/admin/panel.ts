import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { accionesRoutes } from './actuar.ts'
import { adjuntosRoutes } from './adjuntos.ts'
import { avisosActivosRoutes } from './avisos-activos.ts'
import { bandejaRoutes } from './bandeja.ts'
import { borradoresRoutes } from './borradores.ts'
import { canalRoutes } from './canal.ts'
import { canalesRoutes, warnOfCaidas } from './canales.ts'
import { capturaRoutes } from './captura.ts'
import { capturadaRoutes } from './capturada.ts'
import { ciudadanoRoutes } from './ciudadano.ts'
import { unirCiudadanosRoutes } from './ciudadano-unir.ts'
import { conversacionesRoutes } from './conversaciones.ts'
import { cuentaRoutes } from './cuenta.ts'
import type { AdminDeps } from './deps.ts'
import { detalleRoutes } from './detalle.ts'
import { answerErrors, notHereRoute } from './errors.ts'
import { eventosRoutes } from './eventos.ts'
import { exportarRoutes } from './exportar.ts'
import { filtrosGuardadosRoutes } from './filtros-guardados.ts'
import { formatoRoutes } from './formato.ts'
import { addGuard } from './guard.ts'
import { loginRoutes } from './login.ts'
import { mencionesRoutes } from './menciones.ts'
import { menuDe } from './menu.ts'
import { createPages, type Pages } from './pages.ts'
import { pendientesRoutes } from './pendientes.ts'
import { publicFiles } from './public-files.ts'
import { redesRoutes } from './redes.ts'
import { redesActosRoutes } from './redes-actos.ts'
import { repuntesRoutes } from './repuntes.ts'
import { responderRoutes } from './responder.ts'
import { respuestasRoutes } from './respuestas.ts'
import { MULTIPART } from './subida.ts'
import { tableroRoutes } from './tablero.ts'
import { usuariosRoutes } from './usuarios.ts'
import { validacionRoutes } from './validacion.ts'

/** What every page of the panel works with. */
export interface Panel extends AdminDeps {
  pages: Pages
}

const ROUTES: ((app: FastifyInstance, panel: Panel) => void)[] = [
  loginRoutes,
  cuentaRoutes,
  bandejaRoutes,
  repuntesRoutes,
  avisosActivosRoutes,
  filtrosGuardadosRoutes,
  tableroRoutes,
  exportarRoutes,
  eventosRoutes,
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
  capturadaRoutes,
  canalesRoutes,
  canalRoutes,
  validacionRoutes,
  usuariosRoutes,
  pendientesRoutes,
  notHereRoute,
]

/** The panel under /admin: register it on the server, after which every route in it is guarded. */
export function createAdmin(deps: AdminDeps): FastifyPluginAsync {
  return async (app) => {
    const panel: Panel = { ...deps, pages: pagesOf(deps) }
    await app.register(helmet, headers(deps))
    await app.register(multipart, MULTIPART)
    addGuard(app, deps.database, deps.publicUrl)
    warnOfCaidas(app, panel)
    answerErrors(app, panel)
    await app.register(publicFiles)
    for (const add of ROUTES) add(app, panel)
  }
}

/** Changes with the files of `publico/`, so that browsers never mix old and new ones. */
const VERSION = ['panel.css', 'panel.js', 'borradores.js', 'teclado.js', 'mapa.js']
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
      const { caidas } = request
      return { municipio: municipio.municipio, usuario, menu, caidas, csrf: request.sesion?.csrf, version: VERSION }
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
        mediaSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
  }
}
