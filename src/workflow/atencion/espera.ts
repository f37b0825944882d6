import type { EntityManager } from '@mikro-orm/postgresql'
import type { Atencion } from '../../conversation/flows/vocabulary.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { diasInhabilesDe } from '../catalogo/dias-inhabiles.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { atencionEn } from './atencion.ts'

/** SQL over `conversation c`: it waits for a person, and nobody spoke. An echo, from the platform's own app, is a person speaking too. */
export const ESPERA_SOLA = `c.mode = 'human' and c.assigned_to is null
   and not exists (select from message m
     where m.conversation_id = c.id and m.created_at >= c.human_since
       and ((m.direction = 'out' and m.usuario_id is not null) or m.kind = 'echo'))`

interface Deps {
  municipio: Municipio
  ahora(): Date
}

/** When people of the staff attend. Telling it is noted, so that it is said once while it stays closed. */
export async function atencion(em: EntityManager, conversationId: number, deps: Deps): Promise<Atencion> {
  const cuando = await atencionDe(em, deps, deps.ahora())
  if (!cuando.abierto) await anotar(em, conversationId, deps.ahora())
  return cuando
}

/** Does this conversation wait for a person, and has nobody of the staff taken it yet, or written in it? */
export async function esperaSola(em: EntityManager, conversationId: number): Promise<boolean> {
  const row = await sqlOne(em, SOLA, [conversationId])
  return row !== undefined
}

/** When they will be answered, for who writes while nobody attends; undefined when somebody does, or they were told in this closing. */
export async function avisoDeEspera(
  em: EntityManager,
  conversationId: number,
  deps: Deps,
): Promise<Atencion | undefined> {
  const ahora = deps.ahora()
  const cuando = await atencionDe(em, deps, ahora)
  if (cuando.abierto || !(await esperaSola(em, conversationId))) return undefined
  const dicho = await sqlOne<{ at: Date | null }>(
    em,
    'select espera_avisada_at as at from conversation where id = $1',
    [conversationId],
  )
  const antes = dicho?.at ? await atencionDe(em, deps, dicho.at) : undefined
  if (antes && !antes.abierto && antes.fecha === cuando.fecha) return undefined
  await anotar(em, conversationId, ahora)
  return cuando
}

async function atencionDe(em: EntityManager, { municipio }: Deps, at: Date): Promise<Atencion> {
  return atencionEn(at, municipio, await diasInhabilesDe(em, municipio, at))
}

async function anotar(em: EntityManager, conversationId: number, at: Date): Promise<void> {
  await sql(em, 'update conversation set espera_avisada_at = $2 where id = $1', [conversationId, at])
}

const SOLA = `select 1 from conversation c where c.id = $1 and ${ESPERA_SOLA}`
