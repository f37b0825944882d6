import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { alcance } from '../../workflow/permisos.ts'
import { leerHilo } from '../conversaciones/hilo-consulta.ts'
import { puedeLeerHilo } from '../conversaciones/hilo-permiso.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'

interface Fila {
  id: string
  mime: string | null
  fileName: string | null
  storageKey: string | null
  thumbKey: string | null
  conversationId: number | null
  deLaPeticion: boolean
  mio: boolean
}

const params = z.object({ id: z.uuid() })
const config = { acceso: 'todos' as const }

/** Kinds that a browser may show; everything else is only saved. */
const SHOWN = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

/** Files of petitions and conversations, for whoever may read those. */
export function adjuntosRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/adjuntos/:id', { config }, async (request, reply) => {
    const fila = await leer(panel, request)
    return enviar(panel, request, reply, fila, { key: fila.storageKey, mime: fila.mime })
  })
  app.get('/admin/adjuntos/:id/miniatura', { config: { ...config, fondo: true } }, async (request, reply) => {
    const fila = await leer(panel, request)
    return enviar(panel, request, reply, fila, { key: fila.thumbKey, mime: 'image/webp' })
  })
}

async function leer(panel: Panel, request: FastifyRequest): Promise<Fila> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const { id } = params.parse(request.params)
  const { sql, params: own } = alcance(usuario, 3)
  const fila = await sqlOne<Fila>(em, leerFila(sql), [id, usuario.id, ...own])
  const seen = fila && (fila.deLaPeticion || fila.mio || (await enSuHilo(panel, request, fila)))
  if (!fila || !seen) throw new HttpProblem(404, 'There is no such file within your reach.')
  return fila
}

/** A file that belongs to no petition is read with the message that brought it. */
async function enSuHilo(panel: Panel, request: FastifyRequest, fila: Fila): Promise<boolean> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  if (fila.conversationId === null || !(await puedeLeerHilo(em, usuario, fila.conversationId))) return false
  const hilo = await leerHilo(em, usuario, fila.conversationId)
  return hilo?.globos.some(({ archivos }) => archivos.some((one) => one.id === fila.id)) ?? false
}

async function enviar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, fileName }: Fila,
  { key, mime }: { key: string | null; mime: string | null },
): Promise<FastifyReply> {
  if (key === null) throw new HttpProblem(404, 'There is no such file within your reach.')
  const etag = `"${key.endsWith('.thumb') ? 't' : 'f'}${id}"`
  // The bytes of an id never change; but each time it is asked whether this person may still see them.
  reply.header('cache-control', 'private, no-cache').header('etag', etag)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const shown = mime !== null && SHOWN.includes(mime)
  return reply
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('content-disposition', `${shown ? 'inline' : 'attachment'}; ${fileNameParameter(fileName ?? id)}`)
    .type(mime ?? 'application/octet-stream')
    .send(await panel.files.get(key))
}

/** RFC 6266: the exact name in UTF-8, and one in ASCII for what does not read that. */
export function fileNameParameter(name: string): string {
  const clean = name.toWellFormed().replace(/[\p{Cc}\p{Cf}/\\]/gu, '_')
  const ascii = clean.normalize('NFD').replace(/[^\w.() -]/g, '')
  return `filename="${ascii || 'archivo'}"; filename*=UTF-8''${encodeURIComponent(clean).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`
}

const leerFila = (condicion: string) => `
select a.id, a.mime, a.file_name as "fileName", a.storage_key as "storageKey", a.thumb_key as "thumbKey",
       case when a.peticion_id is null then a.conversation_id end as "conversationId",
       coalesce(${condicion}, false) as "deLaPeticion",
       (a.peticion_id is null and a.conversation_id is null and a.usuario_id = $2) as mio
  from attachment a left join peticion p on p.id = a.peticion_id
 where a.id = $1 and a.status = 'stored' and (a.peticion_id is null or p.id is not null)`
