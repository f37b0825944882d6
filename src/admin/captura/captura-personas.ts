import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { attempt, throttleKey } from '../../runtime/throttle.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import { normalizarTelefono } from '../../workflow/personas/ciudadano.ts'
import { ABIERTA } from '../../workflow/peticion/filtro.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'

/** Enough for who captures all day; too few to walk through telephone numbers. */
const LIMIT = { hits: 60, seconds: 900 }
const form = z.object({ dato_telefono: z.string().max(60).catch(''), categoria: z.string().max(60).catch('') })

/** A petition that was made with this telephone, within the reach of who asks. */
interface Suya {
  folio: string
  asunto: string
  estado: string
  registradaAt: Date
  ciudadanoId: number | null
  nombre: string | null
  /** Open and of the same category: perhaps the same trouble. */
  parecida: boolean
}

/** While the telephone is typed: is there something of this person already? Only what who asks may see, and it is recorded. */
export function capturaPersonasRoutes(app: FastifyInstance, { database, pages }: Panel): void {
  app.post('/admin/captura/personas', { config: { acceso: SECCIONES.captura.acceso } }, async (request, reply) => {
    const { dato_telefono, categoria } = form.parse(request.body ?? {})
    const usuario = usuarioDe(request)
    const em = database.fork()
    const telefono = telefonoEntero(dato_telefono)
    if (!telefono) return pages.show(request, reply, '_captura-personas', { suyas: [], personas: [] })
    const verdict = await attempt(em, throttleKey('captura-telefono', String(usuario.id)), LIMIT)
    if (!verdict.allowed)
      return pages.show(request, reply, '_captura-personas', { espere: true, suyas: [], personas: [] })
    const suyas = await peticionesCon(em, usuario, telefono, categoria)
    await auditBy(em, request, {
      action: 'captura.buscar_telefono',
      detail: { folios: suyas.map(({ folio }) => folio) },
    })
    return pages.show(request, reply, '_captura-personas', { suyas, personas: personasDe(suyas) })
  })
}

/** The person that the form names, when it is one of those with this telephone within reach; else nobody. */
export async function ciudadanoElegido(
  em: EntityManager,
  usuario: UsuarioActor,
  body: unknown,
): Promise<number | undefined> {
  const sent = z.object({ ciudadano: z.coerce.number().int().positive(), dato_telefono: z.string() }).safeParse(body)
  const telefono = sent.success ? telefonoEntero(sent.data.dato_telefono) : undefined
  if (!sent.success || !telefono) return undefined
  const { sql: condicion, params } = alcance(usuario, 4)
  const known = await sqlOne(
    em,
    `select 1 from peticion p where p.busqueda like '%' || $3 || '%' and p.telefono = $1 and p.ciudadano_id = $2 and ${condicion} limit 1`,
    [telefono, sent.data.ciudadano, telefono, ...params],
  )
  return known ? sent.data.ciudadano : undefined
}

function telefonoEntero(typed: string): string | undefined {
  if (typed.replace(/\D/g, '').length < 10) return undefined
  const telefono = normalizarTelefono(typed)
  return telefono?.startsWith('+') ? telefono : undefined
}

async function peticionesCon(
  em: EntityManager,
  usuario: UsuarioActor,
  telefono: string,
  categoria: string,
): Promise<Suya[]> {
  const { sql: condicion, params } = alcance(usuario, 4)
  return sql<Suya>(em, `${SUYAS} and ${condicion} order by parecida desc, p.id desc limit 6`, [
    telefono,
    categoria,
    telefono,
    ...params,
  ])
}

/** Each person once, by the name they gave last. */
function personasDe(suyas: Suya[]): { id: number; nombre: string }[] {
  const found = new Map<number, string>()
  for (const { ciudadanoId, nombre } of suyas) {
    if (ciudadanoId !== null && nombre && !found.has(ciudadanoId)) found.set(ciudadanoId, nombre)
  }
  return [...found].map(([id, nombre]) => ({ id, nombre }))
}

// The index of the search finds the telephone among a million.
const SUYAS = `
select p.folio, p.asunto, p.estado, p.registrada_at as "registradaAt", p.ciudadano_id as "ciudadanoId", p.nombre,
       p.categoria = $2 and ${ABIERTA} as parecida
  from peticion p
 where p.busqueda like '%' || $3 || '%' and p.telefono = $1`
