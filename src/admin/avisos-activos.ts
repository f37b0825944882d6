import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DateTime } from 'luxon'
import { z } from 'zod'
import { HttpProblem } from '../runtime/http.ts'
import { sql, sqlOne } from '../runtime/sql.ts'
import { type NuevoAvisoActivo, publicarAvisoActivo, retirarAvisoActivo } from '../workflow/avisos/avisos-activos.ts'
import { ABIERTA } from '../workflow/peticion/filtro.ts'
import { auditBy } from './audit.ts'
import { colonias } from './captura/colonias.ts'
import type { Panel } from './deps.ts'
import { type Errores, type Escrito, linea, readForm, typed } from './form.ts'
import { usuarioDe } from './guard.ts'
import { SECCIONES } from './menu.ts'

const config = { acceso: SECCIONES.avisos.acceso }
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** The most colonias of one notice, and the longest it may last, in days. */
const COLONIAS = 150
const DIAS = 60

/** One colonia a line, or several with commas between them. */
const lasColonias = z
  .string()
  .max(10_000, 'largo')
  .default('')
  .transform((text) => [...new Set(text.split(/[\n,;]+/).flatMap((one) => one.trim() || []))])
  .refine((all) => all.length <= COLONIAS, 'largo')

/** `hasta` is the municipality's clock, as a form sends it. */
const forma = (zona: string, ahora: Date) =>
  z.object({
    texto: linea(160),
    categoria: linea(60),
    colonias: lasColonias,
    hasta: linea(20)
      .transform((text) => DateTime.fromISO(text, { zone: zona }))
      .refine((at) => at.isValid, 'hasta_no_es')
      .refine((at) => at.toJSDate() > ahora, 'hasta_paso')
      .refine((at) => at.diff(DateTime.fromJSDate(ahora), 'days').days <= DIAS, 'hasta_lejos'),
    confirmo: z.literal('si').optional(),
  })

/** What staff know before it is reported: published by category and colonia until an hour, after which it ends by itself. */
export function avisosActivosRoutes(app: FastifyInstance, panel: Panel): void {
  const { database } = panel
  app.get('/admin/avisos-activos', { config }, (request, reply) => mostrar(panel, request, reply))
  app.post('/admin/avisos-activos', { config }, (request, reply) => publicar(panel, request, reply))
  app.post('/admin/avisos-activos/:id/retirar', { config }, async (request, reply) => {
    const { id } = params.parse(request.params)
    await database.fork().transactional(async (em) => {
      if (!(await retirarAvisoActivo(em, id, panel.now()))) throw new HttpProblem(404, 'This notice has ended.')
      await auditBy(em, request, { action: 'aviso_activo.retirar', objectType: 'aviso_activo', objectId: id })
    })
    return reply.redirect('/admin/avisos-activos?hecho=retirado', 303)
  })
}

async function publicar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { database, municipio, now } = panel
  const form = readForm(forma(municipio.zona_horaria, now()), request.body)
  const escrito = typed(request.body)
  if (!form.ok) return mostrar(panel, request, reply, { errores: form.errores, escrito })
  const { texto, categoria, colonias: lugares, hasta, confirmo } = form.datos
  const nuevo: NuevoAvisoActivo = { texto, categorias: [categoria], colonias: lugares, hasta: hasta.toJSDate() }
  const alcance = await aQuien(database.fork(), nuevo, now())
  if (!alcance) return mostrar(panel, request, reply, { errores: { categoria: 'falta' }, escrito })
  if (confirmo === undefined)
    return mostrar(panel, request, reply, { errores: {}, escrito, revisa: { nuevo, alcance } })
  await database.fork().transactional(async (em) => {
    const id = await publicarAvisoActivo(em, nuevo, usuarioDe(request).id, now())
    await auditBy(em, request, {
      action: 'aviso_activo.publicar',
      objectType: 'aviso_activo',
      objectId: id,
      detail: { ...nuevo, hasta: hasta.toISO() },
    })
  })
  return reply.redirect('/admin/avisos-activos?hecho=publicado', 303)
}

/** Who will hear it, before it is published. */
interface Alcance {
  categoria: string
  /** Petitions about it from there in the last thirty days, and open ones. */
  recientes: number
  abiertas: number
  /** Colonias the catalogue does not have, as they were typed. */
  desconocidas: string[]
}

/** undefined when there is no such category. */
function aQuien(em: EntityManager, { categorias, colonias: lugares }: NuevoAvisoActivo, ahora: Date) {
  return sqlOne<Alcance>(
    em,
    `with alli as (select sin_acentos(c) as clave, c as escrita from unnest($2::text[]) as c)
     select c.nombre as categoria,
            array(select escrita from alli where clave not in (select sin_acentos(nombre) from colonia where retirada_at is null)) as desconocidas,
            (select count(*) from peticion p where p.categoria = c.id and p.registrada_at > $3::timestamptz - interval '30 days'
                and (cardinality($2::text[]) = 0 or p.colonia_clave in (select clave from alli))) as recientes,
            (select count(*) from peticion p where p.categoria = c.id and ${ABIERTA}
                and (cardinality($2::text[]) = 0 or p.colonia_clave in (select clave from alli))) as abiertas
       from categoria c where c.id = $1 and c.retirada_at is null and not c.reservada and not c.interna`,
    [categorias[0], lugares, ahora],
  )
}

interface Vuelta {
  errores: Errores
  escrito: Escrito
  revisa?: { nuevo: NuevoAvisoActivo; alcance: Alcance }
}

async function mostrar(
  { database, pages, now }: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  vuelta?: Vuelta,
): Promise<FastifyReply> {
  const em = database.fork()
  const { hecho } = z
    .object({ hecho: z.enum(['publicado', 'retirado']).optional().catch(undefined) })
    .parse(request.query ?? {})
  const status = vuelta && Object.keys(vuelta.errores).length > 0 ? 422 : 200
  const datos = {
    errores: vuelta?.errores ?? {},
    escrito: vuelta?.escrito ?? {},
    revisa: vuelta?.revisa,
    hecho,
    ahora: now(),
    colonias: await colonias(em),
    categorias: await sql(em, CATEGORIAS),
    avisos: await sql(em, AVISOS),
  }
  return pages.show(request, reply, 'avisos-activos', datos, status)
}

const CATEGORIAS = `select id as valor, nombre as texto from categoria
  where retirada_at is null and not reservada and not interna order by sin_acentos(nombre)`

const AVISOS = `
select a.id, a.texto, a.desde, a.hasta, a.retirado_at as "retiradoAt", a.oidos, u.nombre as usuario,
       array(select coalesce(min(n.nombre), clave) from unnest(a.colonias) with ordinality as de(clave, lugar)
               left join colonia n on sin_acentos(n.nombre) = clave group by clave, lugar order by lugar) as colonias,
       array(select c.nombre from categoria c where c.id = any(a.categorias)) as categorias,
       (select count(*) from aviso_activo_sumado s where s.aviso_id = a.id) as sumados
  from aviso_activo a join usuario u on u.id = a.usuario_id
 order by a.id desc limit 50`
