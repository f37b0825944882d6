import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import { ABIERTA } from '../peticion/filtro.ts'
import type { SolicitudArco } from './arco.ts'
import { borrarCaja } from './borrar.ts'
import { claseDe } from './clases.ts'
import { encerrar } from './encerrar.ts'
import { type Suyo, suyoDe } from './persona.ts'
import type { RetencionDeps } from './retencion.ts'

/** What stands in the way of erasing a person: the folios of open petitions, a legal hold, messages on their way. */
export interface Impedimentos {
  abiertas: string[]
  retenida: boolean
  enCamino: boolean
}

/** A hold, an open petition (this request too: it is answered first, later there is nobody to answer to), or what is still moving. */
export async function impedimentos(em: EntityManager, solicitud: SolicitudArco): Promise<Impedimentos> {
  return impedimentosDe(em, await suyoDe(em, solicitud))
}

async function impedimentosDe(em: EntityManager, suyo: Suyo): Promise<Impedimentos> {
  const abiertas = await sql<{ folio: string }>(
    em,
    `select p.folio from peticion p where p.id = any($1) and ${ABIERTA} order by p.id`,
    [suyo.peticion],
  )
  const retenidos = await sql(
    em,
    `select 1 from retenido where (clase = 'peticion' and id = any($1)) or (clase = 'address' and id = any($2)) or (clase = 'ciudadano' and id = any($3)) limit 1`,
    [suyo.peticion, suyo.conversacion, suyo.ciudadano],
  )
  const moviendo = await sql(
    em,
    `select 1 from message m join conversation c on c.id = m.conversation_id
      where c.address_id = any($1) and m.status in ('received', 'pending', 'sending')
     union all
     select 1 from attachment t where t.status = 'pending'
        and (t.peticion_id = any($2) or t.conversation_id in (select id from conversation where address_id = any($1)))
     limit 1`,
    [suyo.conversacion, suyo.peticion],
  )
  return {
    abiertas: abiertas.map(({ folio }) => folio),
    retenida: retenidos.length > 0,
    enCamino: moviendo.length > 0,
  }
}

/** Is there nothing in the way? */
export const nadaImpide = ({ abiertas, retenida, enCamino }: Impedimentos): boolean =>
  abiertas.length === 0 && !retenida && !enCamino

/**
 * Erases all that is kept of who made this request, now and for ever, with what was blocked of them before; `anotar` writes in the same
 * transaction that it was asked for. Should the process die half-way, the next run of the retention ends it.
 * @returns what stood in the way, when something did: then nothing was done.
 */
export async function cancelarDatos(
  deps: RetencionDeps,
  solicitud: SolicitudArco,
  usuarioId: number,
  anotar: (em: EntityManager) => Promise<void>,
): Promise<Impedimentos | undefined> {
  const { database, secretKey, ahora } = deps
  const hecho = await database.fork().transactional(async (em) => {
    await sql(em, 'lock table retencion_legal in share mode')
    const suyo = await suyoDe(em, solicitud)
    await sql(em, 'select 1 from conversation where address_id = any($1) order by id for update', [suyo.conversacion])
    await sql(em, 'select 1 from peticion where id = any($1) order by id for no key update', [suyo.peticion])
    const impide = await impedimentosDe(em, suyo)
    if (!nadaImpide(impide)) return { impide, cajas: [] }
    const como = { corte: ahora, ahora, secretKey }
    for (const clase of ['peticion', 'conversacion', 'comentario', 'ciudadano'] as const)
      for (const id of suyo[clase]) await encerrar(em, claseDe(clase), id, { regla: 'arco', usuarioId }, como)
    await anotar(em)
    return { impide: undefined, cajas: await cajasDe(em, suyo, usuarioId) }
  })
  for (const id of hecho.cajas) await borrarCaja(database.fork(), deps.files, id, ahora)
  return hecho.impide
}

/** Their boxes, also those of data that were blocked by their age: all go by this request now. */
async function cajasDe(em: EntityManager, suyo: Suyo, usuarioId: number): Promise<string[]> {
  const rows = await sql<{ id: string }>(
    em,
    `update bloqueo set regla = 'arco', usuario_id = $4
      where peticion_id = any($1) or address_id = any($2) or ciudadano_id = any($3) returning id`,
    [suyo.peticion, suyo.conversacion, suyo.ciudadano, usuarioId],
  )
  return rows.map(({ id }) => id)
}
