import type { EntityManager } from '@mikro-orm/postgresql'
import { type Campos, campos } from '../../conversation/flows/registrar/campos.ts'
import type { Answers, ConversationState } from '../../conversation/state.ts'
import { sql } from '../../runtime/sql.ts'
import { type LockedConversation, lockConversation } from '../mensajes/turn-rows.ts'
import { writeState } from '../mensajes/write-state.ts'

/** A petition that somebody began to tell and left, with what they said so far. */
export interface Borrador {
  conversationId: number
  addressId: number
  /** ISO; with the conversation it names the draft. */
  desde: string
  channel: string
  /** As the platform tells it. */
  nombrePerfil: string | null
  lastInboundAt: Date
  dicho: Campos
  /** Answers to the questions of its category, by id. */
  respuestas: Record<string, string>
}

type Fila = Omit<Borrador, 'dicho' | 'respuestas' | 'desde'> & { answers: Answers }

/**
 * What was left before `antes` with something in it that can be worked on, latest first; of one conversation when it is named, then also
 * while a person attends it. Never one
 * that is to be anonymous: here it would be known whose it is. Of what is reserved only with `reservadas`.
 */
export async function leerBorradores(
  em: EntityManager,
  { antes, conversationId, reservadas }: { antes: Date; conversationId?: number; reservadas: boolean },
): Promise<Borrador[]> {
  const rows = await sql<Fila>(em, BORRADORES, [antes, conversationId ?? null, reservadas])
  return rows.flatMap(({ answers, ...row }) => {
    const dicho = campos({ answers })
    return dicho.desde === undefined ? [] : [{ ...row, desde: dicho.desde, dicho, respuestas: respuestasDe(answers) }]
  })
}

const PREGUNTA = 'pregunta:'

function respuestasDe(answers: Answers): Record<string, string> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([campo, value]) =>
      campo.startsWith(PREGUNTA) && typeof value === 'string' && value !== ''
        ? [[campo.slice(PREGUNTA.length), value]]
        : [],
    ),
  )
}

/** Locks the conversation of a draft; undefined when it is gone. Whoever also makes a petition of it does this first. */
export const bloquearBorrador = (em: EntityManager, conversationId: number): Promise<LockedConversation | undefined> =>
  lockConversation(em, conversationId)

/** Takes a draft out of a conversation that the caller has locked; false when its citizen went on, or finished it, meanwhile. */
export async function quitarBorrador(
  em: EntityManager,
  { id, state }: Pick<LockedConversation, 'id' | 'state'>,
  desde: string,
): Promise<boolean> {
  const next = sinBorrador(state, desde)
  if (next) await writeState(em, id, next)
  return next !== undefined
}

function sinBorrador(state: ConversationState, desde: string): ConversationState | undefined {
  if (state.flow === 'registrar' && state.answers.desde === desde)
    return { ...state, flow: null, flowVersion: 0, step: null, answers: {}, misses: 0 }
  const drafts = state.drafts.filter(({ flow, answers }) => flow !== 'registrar' || answers.desde !== desde)
  return drafts.length < state.drafts.length ? { ...state, drafts } : undefined
}

/** What nobody finished nor took up goes; @returns how many conversations held any. */
export async function borrarBorradores(em: EntityManager, antes: Date): Promise<number> {
  const rows = await sql(em, BORRAR, [antes])
  return rows.length
}

const BORRADORES = `
with a_medias as (
  select c.id, c.answers from conversation c where c.flow = 'registrar' and (c.mode = 'bot' or $2::bigint is not null)
  union all
  select c.id, d.value->'answers' from conversation c cross join jsonb_array_elements(c.drafts) d
   where c.drafts <> '[]'::jsonb and d.value->>'flow' = 'registrar'
)
select c.id as "conversationId", a.id as "addressId", a.channel, a.name as "nombrePerfil", c.last_inbound_at as "lastInboundAt",
       m.answers
  from a_medias m join conversation c on c.id = m.id join address a on a.id = c.address_id
  left join categoria k on k.id = m.answers->>'categoria'
 where c.last_inbound_at < $1 and ($2::bigint is null or c.id = $2)
   and m.answers->>'anonima' is distinct from 'true' and not m.answers ? 'quiereAnonima'
   and ($3 or not coalesce(k.reservada, false))
   and (m.answers->>'asunto' <> '' or m.answers->>'descripcion' <> '' or m.answers ? 'categoria'
        or jsonb_array_length(case when jsonb_typeof(m.answers->'adjuntos') = 'array' then m.answers->'adjuntos' else '[]' end) > 0)
 order by c.last_inbound_at desc, c.id limit 200`

const BORRAR = `
update conversation
   set drafts = '[]'::jsonb, answers = case when flow = 'registrar' then '{}'::jsonb else answers end,
       step = case when flow = 'registrar' then null else step end,
       flow_version = case when flow = 'registrar' then 0 else flow_version end,
       flow = nullif(flow, 'registrar')
 where (flow = 'registrar' or drafts <> '[]'::jsonb) and mode = 'bot' and last_inbound_at < $1
returning id`
