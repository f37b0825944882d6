import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DateTime } from 'luxon'
import { z } from 'zod'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { accountsInTrouble, type Trouble } from '../../workflow/mensajes/account-state.ts'
import type { Panel } from '../deps.ts'
import { isHtmx } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { leerCanales, urlDeCanal } from './canales-consulta.ts'

/** An account that does not work, as every page warns of it. */
export interface Caida {
  canal: string
  cuenta: string
  nombre: string
  url: string
  trouble: Trouble
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Accounts that do not work; undefined for whoever need not know, or a page that does not warn. */
    caidas: Caida[] | undefined
  }
}

const config = { acceso: SECCIONES.canales.acceso }
const enVivo = { ...config, fondo: true }

/** May this user see how the channels are doing, and is warned when one is not well? */
export const veCanales = ({ roles }: UsuarioActor): boolean =>
  SECCIONES.canales.acceso.some((rol) => roles.includes(rol))

/** All channels: the page, its list asked for again whenever one changes, and what an open page of any kind is told. */
export function canalesRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, pages, channels } = panel
  const data = async () => {
    const canales = await leerCanales(database.fork(), channels, enSuZona(panel))
    return { canales, nombre: nombresDeCanal(panel) }
  }
  app.get('/admin/canales', { config }, async (request, reply) => pages.show(request, reply, 'canales', await data()))
  app.get('/admin/canales/lista', { config: enVivo }, async (request, reply) =>
    pages.show(request, reply, '_canales', await data()),
  )
  app.get('/admin/canales/avisos', { config: enVivo }, async (request, reply) => {
    const { vistas } = query.parse(request.query)
    const caidas = await leerCaidas(panel)
    const isSeen = ({ canal, cuenta }: Caida) => vistas.includes(`${canal}/${cuenta}`)
    const volvieron = vistas.flatMap((vista) => {
      const [canal = '', cuenta = ''] = vista.split('/')
      const isDown = caidas.some((caida) => caida.canal === canal && caida.cuenta === cuenta)
      return [{ canal, cuenta, nombre: nombresDeCanal(panel)(canal, cuenta), isDown }]
    })
    return pages.show(request, reply, '_caidas-vivas', { nuevas: caidas.filter((one) => !isSeen(one)), volvieron })
  })
}

const VISTA = /^[a-z0-9-]+\/[a-z0-9-]+$/
const query = z.object({
  vistas: z
    .string()
    .max(4000)
    .default('')
    .transform((text) => text.split(',').filter((vista) => VISTA.test(vista))),
})

/** Every page warns whoever has to know of accounts that do not work. */
export function warnOfCaidas(app: FastifyInstance, panel: Panel): void {
  app.decorateRequest('caidas', undefined)
  app.addHook('preHandler', async (request) => {
    if (showsAPage(request) && request.sesion && veCanales(request.sesion.usuario)) {
      request.caidas = await leerCaidas(panel)
    }
  })
}

const showsAPage = (request: FastifyRequest) =>
  !isHtmx(request) && !request.routeOptions.config.fondo && request.routeOptions.config.acceso !== 'publica'

async function leerCaidas(panel: Panel): Promise<Caida[]> {
  const nombre = nombresDeCanal(panel)
  const down = await accountsInTrouble(panel.database.fork(), panel.channels)
  return down.map(({ channel: canal, account: cuenta, trouble }) => ({
    canal,
    cuenta,
    trouble,
    nombre: nombre(canal, cuenta),
    url: urlDeCanal(canal, cuenta),
  }))
}

/** What staff call an account: its channel, and its own name where it has one. */
export const nombresDeCanal =
  ({ municipio }: Pick<Panel, 'municipio'>) =>
  (canal: string, cuenta: string): string =>
    cuenta === 'default' ? nombreDeMedio(municipio, canal) : `${nombreDeMedio(municipio, canal)}, ${cuenta}`

/** Now, where the town is. */
export const enSuZona = ({ municipio, now }: Pick<Panel, 'municipio' | 'now'>): DateTime =>
  DateTime.fromJSDate(now(), { zone: municipio.zona_horaria })
