import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Panel } from '../deps.ts'
import { type Errores, type Escrito, linea, lineaOpcional, readForm, typed } from '../form.ts'
import { SECCIONES } from '../menu.ts'
import { anotar, chocan, statusDe } from './anotar.ts'
import { entradasDe, miBorrador, opcionesDe } from './leer.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const URL_REGLAS = '/admin/configuracion/reglas'
const forma = z
  .object({ categoria: lineaOpcional(60), colonia: lineaOpcional(100), dependencia: linea(60) })
  .refine((regla) => regla.categoria !== null || regla.colonia !== null, { path: ['categoria'], error: 'elija' })
const moverForma = z.object({ posicion: z.coerce.number().int().min(0).max(10_000), que: z.enum(['subir', 'quitar']) })

/** Rules that send petitions elsewhere than their category says: the first that fits wins, so their order matters. */
export function reglasRoutes(app: FastifyInstance, panel: Panel): void {
  app.get(URL_REGLAS, { config }, (request, reply) => mostrar(panel, request, reply))
  app.post(URL_REGLAS, { config }, async (request, reply) => {
    const form = readForm(forma, request.body)
    if (!form.ok) return mostrar(panel, request, reply, form)
    if (chocan(await miBorrador(panel, request)))
      return mostrar(panel, request, reply, { errores: { forma: 'choques' }, escrito: typed(request.body) })
    const { categoria, colonia, dependencia } = form.datos
    const nueva: Valor = { ...(categoria && { categoria }), ...(colonia && { colonia }), dependencia }
    return cambiar(panel, request, reply, (reglas) => [...reglas, nueva])
  })
  app.post(`${URL_REGLAS}/mover`, { config }, async (request, reply) => {
    const { posicion, que } = moverForma.parse(request.body)
    return cambiar(panel, request, reply, (reglas) => {
      const sin = reglas.toSpliced(posicion, 1)
      const una = reglas[posicion]
      return que === 'subir' && una !== undefined ? sin.toSpliced(Math.max(0, posicion - 1), 0, una) : sin
    })
  })
}

/** The list changes as a whole: what a rule means depends on those above it. */
async function cambiar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  change: (reglas: Valor[]) => Valor[],
): Promise<FastifyReply> {
  const { documentos } = await miBorrador(panel, request)
  const antes = valorEn(valorDe(documentos.municipio ?? ''), ['reglas'])
  const despues = change(Array.isArray(antes) ? antes : [])
  const cambios = [{ documento: 'municipio', ruta: ['reglas'], antes, despues }]
  return anotar(panel, request, reply, { cambios, luego: URL_REGLAS })
}

async function mostrar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  vuelta?: { errores: Errores; escrito: Escrito },
): Promise<FastifyReply> {
  const borrador = await miBorrador(panel, request)
  const catalogo = valorDe(borrador.documentos.catalogo ?? '')
  const asuntos = entradasDe(catalogo, 'categorias').map((one) => ({
    valor: String(one.codigo),
    texto: String(one.nombre),
  }))
  const { reciben } = opcionesDe(borrador.documentos)
  const nombres = Object.fromEntries([...asuntos, ...reciben].map(({ valor, texto }) => [valor, texto]))
  const reglas = entradasDe(valorDe(borrador.documentos.municipio ?? ''), 'reglas')
  const datos = { borrador, reglas, asuntos, reciben, nombres, colonias: entradasDe(catalogo, 'colonias') }
  const page = { ...datos, errores: vuelta?.errores ?? {}, v: vuelta?.escrito ?? {} }
  return panel.pages.show(request, reply, 'configuracion-reglas', page, vuelta ? statusDe(vuelta.errores) : 200)
}
