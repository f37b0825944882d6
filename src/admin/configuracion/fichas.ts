import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import type { Borrador } from '../../workflow/configuracion/borrador.ts'
import { type Cambio, llaveDe, ORDEN, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Panel } from '../deps.ts'
import type { Errores, Escrito } from '../form.ts'
import { typed } from '../form.ts'
import { SECCIONES } from '../menu.ts'
import { anotar, chocan, statusDe } from './anotar.ts'
import { type Campo, escrito, leerFicha, nombreDe } from './campos.ts'
import { entradasDe, miBorrador, opcionesDe } from './leer.ts'
import { LISTAS, type Lista } from './listas.ts'
import { cambiosEnIngles, entradaDe, esNueva, llaveNueva, partesDe, rutaDe } from './partes.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const params = z.object({ lista: z.string(), llave: z.string().max(200).default('nueva') })
const moverForma = z.object({ que: z.enum(['subir', 'bajar']) })

/** Asuntos, dependencias and colonias: each entry a form, each change into the draft. */
export function fichasRoutes(app: FastifyInstance, panel: Panel): void {
  const url = '/admin/configuracion/listas/:lista'
  app.get(url, { config }, (request, reply) => mostrarLista(panel, request, reply))
  app.get(`${url}/:llave`, { config }, (request, reply) => mostrar(panel, request, reply))
  app.post(`${url}/:llave`, { config }, (request, reply) => guardar(panel, request, reply))
  app.post(`${url}/:llave/quitar`, { config }, (request, reply) => quitar(panel, request, reply))
  app.post(`${url}/:llave/mover`, { config }, (request, reply) => mover(panel, request, reply))
}

function listaDe(request: FastifyRequest): { lista: Lista; cual: string; llave: string } {
  const { lista: cual, llave } = params.parse(request.params)
  const lista = Object.hasOwn(LISTAS, cual) ? LISTAS[cual] : undefined
  if (!lista) throw new HttpProblem(404, 'There is no such list.')
  return { lista, cual, llave }
}

async function mostrarLista(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { lista, cual } = listaDe(request)
  if (lista.de) throw new HttpProblem(404, 'There is no such list.')
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
  const nueva = esNueva(lista, llave)
  const entrada = exigida(lista, llave, borrador)
  const listas = opcionesDe(borrador.documentos)
  const campos = lista.campos.map((campo) => ({
    ...campo,
    nombre: nombreDe(campo),
    fijo: campo.soloNueva === true && !nueva,
    valor: [vuelta?.enviado[nombreDe(campo)]].flat()[0] ?? escrito(campo, valorEn(entrada ?? lista.base, campo.ruta)),
    lista: campo.opciones?.(listas) ?? [],
  }))
  const cerrada = lista.seCierra !== undefined && escrito(CERRADA, valorEn(entrada, [lista.seCierra])) === 'si'
  const titulo = nueva ? undefined : String(valorEn(entrada, ['nombre']) ?? valorEn(entrada, ['texto']) ?? llave)
  const partes = cual === 'asuntos' && !nueva ? partesDeAsunto(entrada) : undefined
  const padre = lista.de && {
    url: `${lista.de}/${partesDe(llave).de}`,
    nombre: nombreDePadre(llave, borrador.documentos),
  }
  const datos = { cual, llave, nueva, titulo, campos, cerrada, seCierra: lista.seCierra, borrador, partes, padre }
  const page = { ...datos, errores: vuelta?.errores ?? {} }
  return panel.pages.show(request, reply, 'configuracion-ficha', page, vuelta ? statusDe(vuelta.errores) : 200)
}

const CERRADA: Campo = { ruta: ['cerrada'], tipo: 'si_no' }

/** The entry; undefined of a new one. @throws {HttpProblem} 404 when it, or that of which it is a part, is not there. */
function exigida(lista: Lista, llave: string, { documentos }: Borrador): Valor | undefined {
  const nueva = esNueva(lista, llave)
  const entrada = nueva ? undefined : entradaDe(lista, llave, documentos)
  const padre = lista.de ? valorEn(valorDe(documentos[lista.documento] ?? ''), rutaDe(lista, llave).slice(0, 2)) : null
  if ((!nueva && entrada === undefined) || padre === undefined) throw new HttpProblem(404, 'There is no such entry.')
  return entrada
}

const nombreDePadre = (llave: string, documentos: Borrador['documentos']): string =>
  String(valorEn(valorDe(documentos.catalogo ?? ''), ['categorias', partesDe(llave).de, 'nombre']) ?? '')

/** What is asked for an asunto, to go to each. */
const partesDeAsunto = (entrada: Valor | undefined) =>
  (['preguntas', 'requisitos'] as const).map((cual) => ({
    cual,
    entradas: entradasDe(entrada ?? null, cual).map((one) => ({
      id: String(one.id),
      titulo: String(one.texto ?? one.nombre),
    })),
  }))

async function guardar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { lista, cual, llave } = listaDe(request)
  const enviado = typed(request.body)
  const borrador = await miBorrador(panel, request)
  const nueva = esNueva(lista, llave)
  const entrada = exigida(lista, llave, borrador)
  const campos = lista.campos.filter((campo) => nueva || !campo.soloNueva)
  const { valores, errores } = leerFicha(campos, enviado)
  const parte = lista.de ? deParte(lista, llave, entrada, valores, borrador.documentos) : undefined
  const cambios = parte ?? (nueva ? [alta(lista, valores)] : ediciones(lista, llave, entrada, valores))
  const repetida = nueva && !parte && entradaDe(lista, cambios[0]?.ruta[1] ?? '', borrador.documentos) !== undefined
  if (enviado.tipo === 'opcion' && (enviado.opciones ?? '') === '') errores.opciones = 'falta'
  if (repetida) errores[nombreDe(campos[0] ?? CERRADA)] = 'ya_existe'
  if (chocan(borrador)) errores.forma = 'choques'
  if (Object.keys(errores).length > 0) return mostrar(panel, request, reply, { errores, enviado })
  if (cambios.length > 0) return anotar(panel, request, reply, { cambios })
  return reply.redirect(`/admin/configuracion/listas/${lista.de ? `${lista.de}/${partesDe(llave).de}` : cual}`, 303)
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

/** A question or requisito, in both languages: a new one goes to the end of its list. */
function deParte(
  lista: Lista,
  llave: string,
  entrada: Valor | undefined,
  valores: [Campo, Valor | undefined][],
  documentos: Borrador['documentos'],
): Cambio[] {
  const { documento, nombre, llaveDesde = '' } = lista
  const queda: { [key: string]: Valor } = { en: {} }
  for (const [campo, valor] of valores) poner(queda, campo.ruta, valor)
  const { de } = partesDe(llave)
  if (entrada !== undefined) {
    const propios = valores.filter(([campo]) => campo.ruta[0] !== 'en')
    return [...ediciones(lista, llave, entrada, propios), ...cambiosEnIngles(lista, llave, queda, documentos)]
  }
  const ruta = ['categorias', de, nombre]
  const lo = valorEn(valorDe(documentos[documento] ?? ''), ruta)
  const id = llaveNueva(
    String(queda[llaveDesde] ?? ''),
    Array.isArray(lo) ? lo.map((one) => llaveDe(nombre, one) ?? '') : [],
  )
  const despues: { [key: string]: Valor } = { id }
  for (const [campo, valor] of valores)
    if (campo.ruta[0] !== 'en' && escrito(campo, valor) !== escrito(campo, undefined)) poner(despues, campo.ruta, valor)
  const cambio = Array.isArray(lo)
    ? { documento, ruta: [...ruta, id], antes: undefined, despues }
    : { documento, ruta, antes: lo, despues: [despues] }
  return [cambio, ...cambiosEnIngles(lista, `${de}|${id}`, queda, documentos)]
}

/** Only what reads otherwise: a value that the file leaves out stays left out. */
function ediciones(
  lista: Lista,
  llave: string,
  entrada: Valor | undefined,
  valores: [Campo, Valor | undefined][],
): Cambio[] {
  const { documento } = lista
  return valores.flatMap(([campo, despues]) => {
    const antes = valorEn(entrada, campo.ruta)
    if (escrito(campo, antes) === escrito(campo, despues)) return []
    return [{ documento, ruta: [...rutaDe(lista, llave), ...campo.ruta], antes, despues }]
  })
}

/** Takes an entry away, or closes and opens one that petitions may point at. */
async function quitar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { lista, llave } = listaDe(request)
  const { documentos } = await miBorrador(panel, request)
  const ruta = rutaDe(lista, llave)
  const antes = valorEn(valorDe(documentos[lista.documento] ?? ''), ruta)
  if (antes === undefined) throw new HttpProblem(404, 'There is no such entry.')
  const { documento, seCierra } = lista
  const cerrada = seCierra && valorEn(antes, [seCierra])
  const cambio: Cambio = seCierra
    ? {
        documento,
        ruta: [...ruta, seCierra],
        antes: cerrada,
        despues: escrito(CERRADA, cerrada) === 'si' ? 'no' : 'si',
      }
    : { documento, ruta, antes, despues: undefined }
  return anotar(panel, request, reply, {
    cambios: [cambio, ...cambiosEnIngles(lista, llave, undefined, documentos)],
  })
}

/** A part one place up or down among those of its entry. */
async function mover(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { lista, llave } = listaDe(request)
  const { que } = moverForma.parse(request.body)
  const { documentos } = await miBorrador(panel, request)
  const ruta = [...rutaDe(lista, llave).slice(0, -1), ORDEN]
  const antes = lista.de && valorEn(valorDe(documentos[lista.documento] ?? ''), ruta)
  const { de, propia } = partesDe(llave)
  const at = Array.isArray(antes) ? antes.indexOf(propia) : -1
  if (!Array.isArray(antes) || at < 0) throw new HttpProblem(404, 'There is no such entry.')
  const despues = antes.toSpliced(at, 1).toSpliced(Math.max(0, que === 'subir' ? at - 1 : at + 1), 0, propia)
  return anotar(panel, request, reply, {
    cambios: [{ documento: lista.documento, ruta, antes, despues }],
    luego: `/admin/configuracion/listas/${lista.de}/${encodeURIComponent(de)}#${lista.nombre}-${encodeURIComponent(propia)}`,
  })
}
