import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { anotarEnBorrador, type Borrador } from '../../workflow/configuracion/borrador.ts'
import { type Cambio, llaveDe, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Panel } from '../deps.ts'
import type { Errores, Escrito } from '../form.ts'
import { typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { type Campo, escrito, leerFicha, nombreDe } from './campos.ts'
import { entradasDe, miBorrador, opcionesDe } from './leer.ts'
import { LISTAS, type Lista } from './listas.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const params = z.object({ lista: z.string(), llave: z.string().max(200).default('nueva') })
const NUEVA = 'nueva'

/** Asuntos, dependencias and colonias: each entry a form, each change into the draft. */
export function fichasRoutes(app: FastifyInstance, panel: Panel): void {
  const url = '/admin/configuracion/listas/:lista'
  app.get(url, { config }, (request, reply) => mostrarLista(panel, request, reply))
  app.get(`${url}/:llave`, { config }, (request, reply) => mostrar(panel, request, reply))
  app.post(`${url}/:llave`, { config }, (request, reply) => guardar(panel, request, reply))
  app.post(`${url}/:llave/quitar`, { config }, (request, reply) => quitar(panel, request, reply))
}

function listaDe(request: FastifyRequest): { lista: Lista; cual: string; llave: string } {
  const { lista: cual, llave } = params.parse(request.params)
  const lista = Object.hasOwn(LISTAS, cual) ? LISTAS[cual] : undefined
  if (!lista) throw new HttpProblem(404, 'There is no such list.')
  return { lista, cual, llave }
}

async function mostrarLista(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { lista, cual } = listaDe(request)
  const borrador = await miBorrador(panel, request)
  const entradas = entradasDe(valorDe(borrador.documentos[lista.documento] ?? ''), lista.nombre)
  const cambiadas = new Set(borrador.cambios.flatMap((one) => (one.ruta[0] === lista.nombre ? [one.ruta[1]] : [])))
  const datos = entradas.map((one) => {
    const llave = llaveDe(lista.nombre, one) ?? ''
    return { llave, ...one, cambiada: cambiadas.has(llave) }
  })
  const { dependencias } = opcionesDe(borrador.documentos)
  const nombres = Object.fromEntries(dependencias.map(({ valor, texto }) => [valor, texto]))
  return panel.pages.show(request, reply, 'configuracion-lista', { cual, entradas: datos, nombres, borrador })
}

interface Vuelta {
  errores: Errores
  enviado: Escrito
}

async function mostrar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  vuelta?: Vuelta,
): Promise<FastifyReply> {
  const { lista, cual, llave } = listaDe(request)
  const borrador = await miBorrador(panel, request)
  const nueva = llave === NUEVA
  const entrada = nueva ? undefined : entradaDe(lista, llave, borrador.documentos)
  if (!nueva && entrada === undefined) throw new HttpProblem(404, 'There is no such entry.')
  const listas = opcionesDe(borrador.documentos)
  const campos = lista.campos.map((campo) => ({
    ...campo,
    nombre: nombreDe(campo),
    fijo: campo.soloNueva === true && !nueva,
    valor: [vuelta?.enviado[nombreDe(campo)]].flat()[0] ?? escrito(campo, valorEn(entrada ?? lista.base, campo.ruta)),
    lista: campo.opciones?.(listas) ?? [],
  }))
  const cerrada = lista.seCierra !== undefined && escrito(CERRADA, valorEn(entrada, [lista.seCierra])) === 'si'
  const titulo = nueva ? undefined : String(valorEn(entrada, ['nombre']) ?? llave)
  const datos = { cual, llave, nueva, titulo, campos, cerrada, seCierra: lista.seCierra, borrador }
  const page = { ...datos, errores: vuelta?.errores ?? {} }
  return panel.pages.show(request, reply, 'configuracion-ficha', page, vuelta ? statusDe(vuelta.errores) : 200)
}

const CERRADA: Campo = { ruta: ['cerrada'], tipo: 'si_no' }

const entradaDe = (lista: Lista, llave: string, documentos: Readonly<Record<string, string>>): Valor | undefined =>
  valorEn(valorDe(documentos[lista.documento] ?? ''), [lista.nombre, llave])

async function guardar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { lista, cual, llave } = listaDe(request)
  const enviado = typed(request.body)
  const borrador = await miBorrador(panel, request)
  const nueva = llave === NUEVA
  const entrada = nueva ? undefined : entradaDe(lista, llave, borrador.documentos)
  if (!nueva && entrada === undefined) throw new HttpProblem(404, 'There is no such entry.')
  const campos = lista.campos.filter((campo) => nueva || !campo.soloNueva)
  const { valores, errores } = leerFicha(campos, enviado)
  const cambios = nueva ? [alta(lista, valores)] : ediciones(lista, llave, entrada, valores)
  const repetida = nueva && entradaDe(lista, cambios[0]?.ruta[1] ?? '', borrador.documentos) !== undefined
  if (repetida) errores[nombreDe(campos[0] ?? CERRADA)] = 'ya_existe'
  if (chocan(borrador)) errores.forma = 'choques'
  if (Object.keys(errores).length > 0) return mostrar(panel, request, reply, { errores, enviado })
  await anotar(panel, request, cambios)
  return reply.redirect(
    cambios.length === 0 ? `/admin/configuracion/listas/${cual}` : '/admin/configuracion/borrador',
    303,
  )
}

/** Must it first be decided what becomes of changes that somebody else made too? Forms ask, and keep what was typed. */
export const chocan = ({ choques }: Pick<Borrador, 'choques'>): boolean => choques.length > 0

/** Of a form that comes back. */
export const statusDe = ({ forma }: Errores): number => (forma === 'choques' ? 409 : 422)

/**
 * Puts changes into one's draft, which is checked as a whole before it is published: one change may need another.
 * @throws {HttpProblem} 409 while the draft has changes that collide.
 */
export async function anotar(panel: Panel, request: FastifyRequest, cambios: Cambio[]): Promise<void> {
  if (chocan(await miBorrador(panel, request)))
    throw new HttpProblem(409, 'Changes of the draft collide with what was published since.')
  await panel.database.fork().transactional((em) => anotarEnBorrador(em, usuarioDe(request).id, cambios))
}

function alta({ documento, nombre, base }: Lista, valores: [Campo, Valor | undefined][]): Cambio {
  const entrada: { [key: string]: Valor } = structuredClone({ ...base })
  for (const [campo, valor] of valores)
    if (escrito(campo, valor) !== escrito(campo, undefined)) poner(entrada, campo.ruta, valor)
  return { documento, ruta: [nombre, llaveDe(nombre, entrada) ?? ''], despues: entrada }
}

function poner(
  entrada: { [key: string]: Valor },
  [clave = '', dentro]: readonly string[],
  valor: Valor | undefined,
): void {
  if (valor === undefined) return
  const bloque = entrada[clave]
  if (dentro === undefined) entrada[clave] = valor
  else if (typeof bloque === 'object' && bloque !== null && !Array.isArray(bloque)) bloque[dentro] = valor
}

/** Only what reads otherwise: a value that the file leaves out stays left out. */
function ediciones(
  { documento, nombre }: Lista,
  llave: string,
  entrada: Valor | undefined,
  valores: [Campo, Valor | undefined][],
): Cambio[] {
  return valores.flatMap(([campo, despues]) => {
    const antes = valorEn(entrada, campo.ruta)
    if (escrito(campo, antes) === escrito(campo, despues)) return []
    return [{ documento, ruta: [nombre, llave, ...campo.ruta], antes, despues }]
  })
}

/** Takes an entry away, or closes and opens one that petitions may point at. */
async function quitar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { lista, llave } = listaDe(request)
  const { documentos } = await miBorrador(panel, request)
  const antes = entradaDe(lista, llave, documentos)
  if (antes === undefined) throw new HttpProblem(404, 'There is no such entry.')
  const { documento, nombre, seCierra } = lista
  const cerrada = seCierra && valorEn(antes, [seCierra])
  const cambio: Cambio = seCierra
    ? {
        documento,
        ruta: [nombre, llave, seCierra],
        antes: cerrada,
        despues: escrito(CERRADA, cerrada) === 'si' ? 'no' : 'si',
      }
    : { documento, ruta: [nombre, llave], antes, despues: undefined }
  await anotar(panel, request, [cambio])
  return reply.redirect('/admin/configuracion/borrador', 303)
}
