import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sql } from '../../runtime/sql.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { consultaDeTexto, filtra, textoDeConsulta } from './filtros.ts'

/** A filter that somebody kept; `consulta` is the query of its address. */
export interface FiltroGuardado {
  id: number
  nombre: string
  consulta: string
}

/** As many as a person can still choose from. */
const TOPE_DE_FILTROS = 30

const config = { acceso: 'todos' } as const
const forma = z.object({ nombre: z.string().trim().min(1).max(60), consulta: z.string().max(1_000) })
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** Filters that each member of the staff keeps for themselves: nobody sees another's. */
export function filtrosGuardadosRoutes(app: FastifyInstance, { database }: Panel): void {
  app.post('/admin/filtros', { config }, async (request, reply) => {
    const datos = forma.safeParse(request.body)
    const consulta = datos.success ? consultaDeTexto(datos.data.consulta) : undefined
    if (!datos.success || !consulta || !(filtra(consulta) || consulta.estado)) {
      throw new HttpProblem(400, 'A filter has a name and something to look for.')
    }
    const texto = textoDeConsulta(consulta)
    await guardar(database.fork(), usuarioDe(request).id, datos.data.nombre, texto)
    return reply.redirect(`/admin?${texto}&guardado=si`, 303)
  })
  app.post('/admin/filtros/:id/borrar', { config }, async (request, reply) => {
    const { data } = params.safeParse(request.params)
    await sql(database.fork(), 'delete from filtro_guardado where id = $1 and usuario_id = $2', [
      data?.id ?? 0,
      usuarioDe(request).id,
    ])
    return reply.redirect('/admin', 303)
  })
}

/** Those of a user, by name. */
export const filtrosDe = (em: EntityManager, usuarioId: number): Promise<FiltroGuardado[]> =>
  sql(em, 'select id, nombre, consulta from filtro_guardado where usuario_id = $1 order by lower(nombre)', [usuarioId])

/** A name that is there already is given the new filter. @throws {HttpProblem} 409 when there are too many. */
async function guardar(em: EntityManager, usuarioId: number, nombre: string, consulta: string): Promise<void> {
  const saved = await sql(
    em,
    `insert into filtro_guardado (usuario_id, nombre, consulta)
     select $1, $2, $3 where (select count(*) from filtro_guardado where usuario_id = $1 and nombre <> $2) < $4
     on conflict (usuario_id, nombre) do update set consulta = excluded.consulta
     returning id`,
    [usuarioId, nombre, consulta, TOPE_DE_FILTROS],
  )
  if (saved.length === 0) throw new HttpProblem(409, `Nobody keeps more than ${TOPE_DE_FILTROS} filters.`)
}
