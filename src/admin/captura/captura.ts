import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Uso } from '../../conversation/attachment.ts'
import type { Borrador } from '../../workflow/borradores/borradores.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { DatoInvalido } from '../../workflow/peticion/rechazos.ts'
import { registrar } from '../../workflow/peticion/registrar.ts'
import { type ComentarioPorCapturar, guardarPublicacion } from '../../workflow/redes/capturar.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { type Errores, type Escrito, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import {
  type ArchivoGuardado,
  type ArchivoSubido,
  archivosDe,
  borrarTodos,
  borrarTrasFallo,
  guardarArchivo,
  registrarArchivo,
} from '../subida.ts'
import { claveDe, escritoDeBorrador } from './borradores.ts'
import { borradorDe, registrarBorrador, yaCapturado } from './captura-de-borrador.ts'
import { comentarioDe, conMedio, escritoDe } from './captura-de-comentario.ts'
import {
  type ConversacionPorCapturar,
  conversacionDe,
  entregarArchivos,
  escritoDeConversacion,
} from './captura-de-conversacion.ts'
import { atenderTurno } from './captura-de-turno.ts'
import { type Captura, type CategoriaCapturable, categoriasCapturables, DATOS, leerCaptura } from './captura-forma.ts'
import { pendienteDe, pendientesDe, quitarPendiente } from './captura-pendiente.ts'
import { ciudadanoElegido } from './captura-personas.ts'
import { colonias } from './colonias.ts'

const config = { acceso: SECCIONES.captura.acceso }
const query = z.object({
  categoria: z.string().max(60).optional().catch(undefined),
  medio: z.string().max(60).catch(''),
  modulo: z.string().max(60).catch(''),
  turno: z.string().max(16).catch(''),
  pendiente: z.string().max(60).optional().catch(undefined),
  hecho: z.enum(['guardada', 'descartada', '']).catch(''),
})

/** Capture of a petition that came another way: in person, on paper, by telephone. */
export function capturaRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/captura', { config }, async (request, reply) => {
    const { categoria, pendiente: captura, ...llega } = query.parse(request.query)
    const em = panel.database.fork()
    const de = await origenDe(em, request, panel.now())
    const pendiente = captura === undefined ? undefined : await pendienteDe(em, usuarioDe(request), captura)
    const escrito = {
      ...llega,
      ...escritoDeOrigen(de),
      ...pendiente?.escrito,
      ...(pendiente && { captura: pendiente.captura }),
    }
    const elegida = categoria ?? pendiente?.categoria ?? de.borrador?.dicho.categoria
    return showForm(panel, request, reply, { categoria: elegida, escrito, de })
  })
  app.post('/admin/captura', { config }, (request, reply) => capturar(panel, request, reply))
}

interface Shown {
  categoria: string | undefined
  escrito: Escrito
  errores?: Errores
  de: Dicho
}

/** What was said in public, left half told in a chat, or told to a person, and becomes a petition. */
interface Dicho {
  comentario?: ComentarioPorCapturar | undefined
  borrador?: Borrador | undefined
  conversacion?: ConversacionPorCapturar | undefined
}

async function origenDe(em: EntityManager, request: FastifyRequest, now: Date): Promise<Dicho> {
  const borrador = await borradorDe(em, request)
  const conversacion = borrador ? undefined : await conversacionDe(em, request, now)
  if (conversacion) return { conversacion }
  return borrador ? { borrador } : { comentario: await comentarioDe(em, request) }
}

function escritoDeOrigen({ comentario, borrador, conversacion }: Dicho): Escrito {
  return {
    ...(comentario && escritoDe(comentario)),
    ...(borrador && escritoDeBorrador(borrador)),
    ...(conversacion && escritoDeConversacion(conversacion)),
  }
}

/** The medio that nobody needs to choose. */
function sabido({ comentario, borrador, conversacion }: Dicho): { medio: string } | undefined {
  const channel = borrador?.channel ?? conversacion?.channel
  return channel === undefined ? comentario : { medio: channel }
}

async function showForm(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const categorias = await categoriasCapturables(em)
  const { municipio } = panel
  return panel.pages.show(
    request,
    reply,
    'captura',
    {
      categorias,
      categoria: categorias.find((one) => one.id === shown.categoria),
      colonias: await colonias(em),
      medios: municipio.medios.filter((one) => one.captura),
      programas: municipio.programas,
      modulos: municipio.modulos,
      orden: DATOS,
      pendientes: shown.categoria ? [] : await pendientesDe(em, usuarioDe(request)),
      captura: shown.escrito.captura ?? randomUUID(),
      v: shown.escrito,
      errores: shown.errores,
      comentario: shown.de.comentario,
      deConversacion: shown.de.conversacion,
      canal: shown.de.conversacion && nombreDeMedio(municipio, shown.de.conversacion.channel),
      borrador: shown.de.borrador && {
        ...shown.de.borrador,
        clave: claveDe(shown.de.borrador),
        canal: nombreDeMedio(municipio, shown.de.borrador.channel),
      },
    },
    shown.errores ? 422 : 200,
  )
}

/** A file of the form, with what it is for; `campo` is where its error is shown. */
interface Traido {
  campo: string
  uso: Extract<Uso, 'evidencia' | 'requisito'>
  requisito?: string
  subido: ArchivoSubido
}

async function capturar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { categoria: id } = z.object({ categoria: z.string().max(60).catch('') }).parse(request.body ?? {})
  const em = panel.database.fork()
  const categoria = (await categoriasCapturables(em)).find((one) => one.id === id)
  const ya = await yaCapturado(em, request)
  if (ya !== undefined) return reply.redirect(`/admin/captura/${ya}`, 303)
  const de = await origenDe(em, request, panel.now())
  const again = (errores: Errores) =>
    showForm(panel, request, reply, { categoria: id, escrito: typed(request.body), errores, de })
  if (!categoria) return again({ categoria: 'falta_categoria' })
  const traidos = archivosDelFormulario(categoria, request.body)
  const form = leerCaptura(
    categoria,
    conMedio(request.body, sabido(de)),
    new Set(traidos.flatMap(({ requisito }) => requisito ?? [])),
  )
  if (!form.ok) return again(form.errores)
  const guardados = await guardarTodos(panel, traidos)
  if ('errores' in guardados) return again(guardados.errores)
  try {
    const folio = await registrarCaptura(panel, request, form, { archivos: guardados.archivos, de })
    return reply.redirect(`/admin/captura/${folio}`, 303)
  } catch (error) {
    await borrarTrasFallo(panel.files, deTodos(guardados.archivos), error)
    if (error instanceof DatoInvalido) return again({ [error.falta]: `falta_${error.falta}` })
    throw error
  }
}

function archivosDelFormulario({ requisitos }: CategoriaCapturable, body: unknown): Traido[] {
  const fotos = archivosDe(body, 'fotos').map((subido): Traido => ({ campo: 'fotos', uso: 'evidencia', subido }))
  const papeles = requisitos.flatMap(({ id }) =>
    archivosDe(body, `requisito_${id}_archivo`).map(
      (subido): Traido => ({ campo: `requisito_${id}`, uso: 'requisito', requisito: id, subido }),
    ),
  )
  return [...fotos, ...papeles]
}

type Guardado = Traido & { archivo: ArchivoGuardado }

const deTodos = (guardados: Guardado[]): ArchivoGuardado[] => guardados.map(({ archivo }) => archivo)

async function guardarTodos(
  { files }: Panel,
  traidos: Traido[],
): Promise<{ archivos: Guardado[] } | { errores: Errores }> {
  const archivos: Guardado[] = []
  for (const traido of traidos) {
    const archivo = await guardarArchivo(files, traido.subido)
    if (typeof archivo !== 'string') archivos.push({ ...traido, archivo })
    else {
      await borrarTodos(files, deTodos(archivos))
      return { errores: { [traido.campo]: archivo } }
    }
  }
  return { archivos }
}

function registrarCaptura(
  { database, municipio, secretKey, publicUrl, now }: Panel,
  request: FastifyRequest,
  { borrador, llego }: Extract<Captura, { ok: true }>,
  { archivos, de }: { archivos: Guardado[]; de: Dicho },
): Promise<string> {
  const actor = usuarioDe(request)
  const { comentario, borrador: dejado, conversacion } = de
  return database.fork().transactional(async (em: EntityManager) => {
    for (const { archivo, uso } of archivos) await registrarArchivo(em, archivo, { uso, usuarioId: actor.id })
    const requisitos = { ...borrador.requisitos }
    for (const { requisito, archivo } of archivos) if (requisito) requisitos[requisito] = archivo.id
    const fotos = archivos.filter(({ uso }) => uso === 'evidencia').map(({ archivo }) => archivo.id)
    const addressId = dejado?.addressId ?? conversacion?.addressId ?? comentario?.addressId ?? undefined
    const deRed = (comentario || dejado || conversacion) && { deComentario: true as const, addressId }
    const ciudadanoId = await ciudadanoElegido(em, actor, request.body)
    const registrarlo = () =>
      registrar(
        em,
        { ...borrador, requisitos, fotos },
        { tipo: 'captura', actor, ciudadanoId, ...llego, ...deRed },
        { municipio, secretKey, publicUrl, ahora: now() },
      )
    const { folio, peticionId } = await (dejado ? registrarBorrador(em, dejado, registrarlo) : registrarlo())
    if (conversacion) await entregarArchivos(em, conversacion, request.body, peticionId)
    if (comentario) {
      const { captura } = llego
      await guardarPublicacion(em, comentario.id, { peticionId, usuarioId: actor.id, captura, ahora: now() })
    }
    await quitarPendiente(em, llego.captura)
    await atenderTurno(em, request.body, { peticionId, anonima: borrador.anonima }, now())
    await auditBy(em, request, {
      action: 'peticion.capturar',
      objectType: 'peticion',
      objectId: folio,
    })
    return folio
  })
}
