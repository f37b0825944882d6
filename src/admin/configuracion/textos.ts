import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { TEXTOS } from '../../conversation/flows/textos.ts'
import { LONGEST, PLACEHOLDER } from '../../conversation/mensajes.ts'
import { HttpProblem } from '../../runtime/http.ts'
import { type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Documentos } from '../../workflow/configuracion/versiones.ts'
import type { Panel } from '../deps.ts'
import type { Errores } from '../form.ts'
import { SECCIONES } from '../menu.ts'
import type { Palabras } from '../palabras.ts'
import { anotar, chocan, statusDe } from './anotar.ts'
import { miBorrador } from './leer.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const URL_TEXTOS = '/admin/configuracion/textos'
const params = z.object({ documento: z.string().regex(/^mensajes\.\w{2}$/), seccion: z.string(), nombre: z.string() })
const consulta = z.object({
  q: z.string().trim().max(100).default('').catch(''),
  en: z.string().max(20).default('mensajes.es').catch('mensajes.es'),
})
const forma = z.object({ texto: z.string().max(5_000).default('') })

/** What citizens read, text by text, with the placeholders each may hold and a bubble that shows it. */
export function textosRoutes(app: FastifyInstance, panel: Panel): void {
  const url = `${URL_TEXTOS}/:documento/:seccion/:nombre`
  app.get(URL_TEXTOS, { config }, (request, reply) => lista(panel, request, reply))
  app.get(url, { config }, (request, reply) => mostrar(panel, request, reply))
  app.post(`${url}/vista`, { config }, async (request, reply) => {
    const { documentos } = await miBorrador(panel, request)
    const uno = textoDe(documentos, request)
    return panel.pages.show(
      request,
      reply,
      '_configuracion-globo',
      vistaDe(uno, enviado(request), panel.pages.palabras),
    )
  })
  app.post(url, { config }, (request, reply) => guardar(panel, request, reply))
}

const enviado = (request: FastifyRequest) =>
  forma
    .parse(request.body ?? {})
    .texto.replaceAll('\r\n', '\n')
    .trim()

interface Texto {
  documento: string
  seccion: string
  nombre: string
  valor: string
  /** Of a list of words, one on each line. */
  esLista: boolean
  huecos: string[]
  necesarios: string[]
}

/** Every text and list of words of a document; what has a form of its own elsewhere is left out. */
function textosDe(documentos: Documentos, documento: string): Texto[] {
  const valor = valorDe(documentos[documento] ?? '')
  if (typeof valor !== 'object' || valor === null || Array.isArray(valor)) return []
  return Object.entries(valor).flatMap(([seccion, textos]) =>
    typeof textos !== 'object' || textos === null || Array.isArray(textos)
      ? []
      : Object.entries(textos).flatMap(([nombre, one]) => comoTexto(documento, seccion, nombre, one) ?? []),
  )
}

function comoTexto(documento: string, seccion: string, nombre: string, valor: Valor): Texto | undefined {
  const esLista = Array.isArray(valor) && valor.every((one) => typeof one !== 'object')
  if (typeof valor !== 'string' && !esLista) return undefined
  const secciones: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = TEXTOS
  const declarados = secciones[seccion]?.[nombre] ?? (seccion === 'redes' ? ['enlace!'] : [])
  return {
    documento,
    seccion,
    nombre,
    esLista,
    valor: esLista ? valor.join('\n') : String(valor),
    huecos: declarados.map((one) => one.replace('!', '')),
    necesarios: declarados.filter((one) => one.endsWith('!')).map((one) => one.slice(0, -1)),
  }
}

function textoDe(documentos: Documentos, request: FastifyRequest): Texto {
  const leido = params.safeParse(request.params)
  const { documento = '', seccion = '', nombre = '' } = leido.success ? leido.data : {}
  const valor = valorEn(valorDe(documentos[documento] ?? ''), [seccion, nombre])
  const texto = valor === undefined ? undefined : comoTexto(documento, seccion, nombre, valor)
  if (!texto) throw new HttpProblem(404, 'There is no such text.')
  return texto
}

const llano = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

async function lista(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { q, en } = consulta.parse(request.query ?? {})
  const borrador = await miBorrador(panel, request)
  const idiomas = Object.keys(borrador.documentos)
    .filter((one) => one.startsWith('mensajes.'))
    .toSorted((a, b) => Number(b === 'mensajes.es') - Number(a === 'mensajes.es'))
  const documento = idiomas.includes(en) ? en : 'mensajes.es'
  const buscado = llano(q)
  const textos = textosDe(borrador.documentos, documento).filter(({ seccion, nombre, valor }) =>
    llano(`${seccion}.${nombre} ${valor}`).includes(buscado),
  )
  const secciones = [...Map.groupBy(textos, (one) => one.seccion)]
  const cambiados = borrador.cambios.filter((one) => one.documento === documento).map((one) => one.ruta.join('.'))
  return panel.pages.show(request, reply, 'configuracion-textos', {
    ...{ q, documento, idiomas, secciones, borrador },
    cambiado: (one: Texto) => cambiados.includes(`${one.seccion}.${one.nombre}`),
  })
}

async function mostrar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  vuelta?: string,
): Promise<FastifyReply> {
  const borrador = await miBorrador(panel, request)
  const texto = textoDe(borrador.documentos, request)
  const vista = vistaDe(texto, vuelta ?? texto.valor, panel.pages.palabras)
  const errores: Errores = {
    ...(vuelta !== undefined && vista.faltas[0] ? { texto: vista.faltas[0].clave } : {}),
    ...(vuelta !== undefined && chocan(borrador) ? { forma: 'choques' } : {}),
  }
  const datos = {
    ...vista,
    borrador,
    errores,
    url: `${URL_TEXTOS}/${texto.documento}/${texto.seccion}/${texto.nombre}`,
  }
  return panel.pages.show(request, reply, 'configuracion-texto', datos, vuelta === undefined ? 200 : statusDe(errores))
}

async function guardar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const borrador = await miBorrador(panel, request)
  const texto = textoDe(borrador.documentos, request)
  const escrito = enviado(request)
  if (chocan(borrador) || vistaDe(texto, escrito, panel.pages.palabras).faltas.length > 0)
    return mostrar(panel, request, reply, escrito)
  const despues = texto.esLista ? escrito.split('\n').flatMap((one) => one.trim() || []) : escrito
  const { documento, seccion, nombre } = texto
  const cambios = [{ documento, ruta: [seccion, nombre], antes: texto.valor, despues }]
  return anotar(panel, request, reply, { cambios, luego: `${URL_TEXTOS}?en=${documento}#${seccion}` })
}

/** The text as a person would read it, how long it is, and what is wrong with it. */
function vistaDe(texto: Texto, escrito: string, { etiqueta }: Palabras) {
  const usados = [...escrito.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '')
  const sobran = texto.esLista ? [] : usados.filter((one) => !texto.huecos.includes(one))
  const faltan = texto.necesarios.filter((one) => !usados.includes(one))
  const letras = escrito.length
  const renglones = escrito === '' ? 0 : escrito.split('\n').length
  const faltas = [
    ...(escrito === '' ? [{ clave: 'falta', hueco: '' }] : []),
    ...sobran.map((hueco) => ({ clave: 'hueco_sobra', hueco })),
    ...faltan.map((hueco) => ({ clave: 'hueco_falta', hueco })),
    ...(!texto.esLista && letras > LONGEST.characters ? [{ clave: 'texto_largo', hueco: '' }] : []),
    ...(!texto.esLista && renglones > LONGEST.lines ? [{ clave: 'texto_renglones', hueco: '' }] : []),
  ]
  const lleno = escrito.replace(
    PLACEHOLDER,
    (_, hueco: string, __?: string, muchos?: string) => muchos ?? etiqueta('configuracion_ejemplo', hueco),
  )
  return { texto, escrito, lleno, letras, renglones, faltas, limites: LONGEST }
}
