import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ESTADOS } from '../../conversation/flows/vocabulary.ts'
import { HttpProblem } from '../../runtime/http.ts'
import { sql } from '../../runtime/sql.ts'
import {
  HUECOS,
  type Hueco,
  huecosDesconocidos,
  type RespuestaGuardada,
  rellenar,
  respuestasGuardadas,
} from '../../workflow/peticion/respuestas-guardadas.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { type Errores, linea, readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'

const config = { acceso: SECCIONES.respuestas.acceso }
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const varias = (values: z.ZodType<string>) =>
  z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(values).max(100, 'largo'))
const forma = z.object({
  titulo: linea(80),
  texto: linea(1500).refine((texto) => huecosDesconocidos(texto).length === 0, 'hueco'),
  categorias: varias(z.string().max(60)),
  estados: varias(z.enum(ESTADOS, { error: 'opcion' })),
  version: z.coerce.number({ error: 'falta' }).int().min(0),
})
type Forma = z.infer<typeof forma>

/** Answers written beforehand: who heads the UAC writes them, everybody uses them. */
export function respuestasRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/respuestas', { config }, async (request, reply) => {
    const { hecho } = z
      .object({ hecho: z.enum(['crear', 'cambiar', 'retirar']).optional().catch(undefined) })
      .parse(request.query)
    return show(panel, request, reply, undefined, { hecho })
  })
  app.get('/admin/respuestas/:id', { config }, async (request, reply) =>
    show(panel, request, reply, await guardada(panel, request)),
  )
  app.post('/admin/respuestas', { config }, (request, reply) => guardar(panel, request, reply, undefined))
  app.post('/admin/respuestas/:id', { config }, async (request, reply) =>
    guardar(panel, request, reply, await guardada(panel, request)),
  )
  app.post('/admin/respuestas/:id/retirar', { config }, async (request, reply) => {
    const { id } = await guardada(panel, request)
    await panel.database.fork().transactional(async (em) => {
      await sql(em, 'update respuesta_guardada set retirada_at = $2, version = version + 1 where id = $1', [
        id,
        panel.now(),
      ])
      await anotar(em, request, 'retirar', id)
    })
    return reply.redirect('/admin/respuestas?hecho=retirar', 303)
  })
}

async function guardada({ database }: Panel, request: FastifyRequest): Promise<RespuestaGuardada> {
  const { id } = params.parse(request.params)
  const found = (await respuestasGuardadas(database.fork())).find((one) => one.id === id)
  if (!found) throw new HttpProblem(404, 'There is no such answer.')
  return found
}

async function guardar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  antes: RespuestaGuardada | undefined,
): Promise<FastifyReply> {
  const again = (errores: Errores, status = 422) => show(panel, request, reply, antes, { errores }, status)
  const form = readForm(forma, request.body)
  if (!form.ok) return again(form.errores)
  if (antes && antes.version !== form.datos.version) return again({ forma: 'respuesta_cambio' }, 409)
  const done = await panel.database.fork().transactional((em) => escribir(em, panel, request, form.datos, antes?.id))
  if (done === 'cambio') return again({ forma: 'respuesta_cambio' }, 409)
  if (done === 'repetida') return again({ titulo: 'titulo_repetido' })
  return reply.redirect(`/admin/respuestas?hecho=${antes ? 'cambiar' : 'crear'}`, 303)
}

/** Writes it when nobody changed it since it was read, and no other has its title. */
async function escribir(
  em: EntityManager,
  { now }: Panel,
  request: FastifyRequest,
  { titulo, texto, categorias, estados, version }: Forma,
  id: number | undefined,
): Promise<'hecho' | 'cambio' | 'repetida'> {
  const twin = await sql(
    em,
    'select 1 from respuesta_guardada where lower(titulo) = lower($1) and retirada_at is null and id is distinct from $2',
    [titulo, id ?? null],
  )
  if (twin.length > 0) return 'repetida'
  const values = [titulo, texto, categorias, estados, usuarioDe(request).id, now()]
  const [row] =
    id === undefined
      ? await sql<{ id: number }>(em, CREAR, values)
      : await sql<{ id: number }>(em, CAMBIAR, [...values, id, version])
  if (!row) return id === undefined ? 'repetida' : 'cambio'
  await anotar(em, request, id === undefined ? 'crear' : 'cambiar', row.id)
  return 'hecho'
}

const anotar = (em: EntityManager, request: FastifyRequest, what: string, id: number) =>
  auditBy(em, request, {
    action: `respuesta.${what}`,
    objectType: 'respuesta_guardada',
    objectId: id,
  })

interface Shown {
  errores?: Errores
  hecho?: string | undefined
}

async function show(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  una: RespuestaGuardada | undefined,
  { errores, hecho }: Shown = {},
  status = 200,
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const { t } = panel.pages.palabras
  const ejemplo = (texto: string) => rellenar(texto, EJEMPLO(t))
  const data = {
    una,
    errores,
    hecho,
    // What one typed; the version is the one that is shown now.
    v: errores ? { ...typed(request.body), version: una?.version ?? 0 } : (una ?? {}),
    respuestas: await respuestasGuardadas(em),
    categorias: await sql(
      em,
      'select id, nombre from categoria where retirada_at is null order by sin_acentos(nombre)',
    ),
    estados: ESTADOS,
    huecos: HUECOS,
    ejemplo,
  }
  return panel.pages.show(request, reply, 'respuestas', data, status)
}

const EJEMPLO = (t: (key: string) => string): Record<Hueco, string> => ({
  nombre: t('hueco_ejemplo.nombre'),
  folio: t('hueco_ejemplo.folio'),
  asunto: t('hueco_ejemplo.asunto'),
  dependencia: t('hueco_ejemplo.dependencia'),
  colonia: t('hueco_ejemplo.colonia'),
  vence: t('hueco_ejemplo.vence'),
})

const CREAR = `
insert into respuesta_guardada (titulo, texto, categorias, estados, usuario_id, actualizada_at)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`

const CAMBIAR = `
update respuesta_guardada
   set titulo = $1, texto = $2, categorias = $3, estados = $4, usuario_id = $5, actualizada_at = $6, version = version + 1
 where id = $7 and version = $8 and retirada_at is null returning id`
