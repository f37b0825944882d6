import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { sql } from '../../runtime/sql.ts'
import type { Evento } from './eventos.ts'

/** What a notice is about; an account of a channel as `channel/account`. */
export type ObjetoDeAviso = { peticionId: number } | { conversationId: number } | { cuenta: string }

/** Something that happened, once. */
export interface Ocurrencia {
  evento: Evento
  /** Names this very occurrence among those of its event: told twice, it is one notice. */
  clave: string
  objeto: ObjetoDeAviso
  /** Of an anonymous petition the hour only (`momento`). */
  at: Date
}

/** Tells these users in the transaction of `em`, each once; whether they may know of the object is for the caller to ask. */
export async function avisar(em: EntityManager, ocurrencia: Ocurrencia, usuarios: readonly number[]): Promise<void> {
  if (usuarios.length === 0) return
  const { evento, clave, objeto, at } = ocurrencia
  const rows = await sql<{ usuario: number }>(em, INSERT, [
    [...new Set(usuarios)],
    evento,
    clave,
    'peticionId' in objeto ? objeto.peticionId : null,
    'conversationId' in objeto ? objeto.conversationId : null,
    'cuenta' in objeto ? objeto.cuenta : null,
    at,
  ])
  for (const { usuario } of rows) await anunciarAvisos(em, usuario)
}

/** The bell of this user shows another number, when the transaction commits. */
export const anunciarAvisos = (em: EntityManager, usuario: number): Promise<void> =>
  publish(em, { topic: 'aviso', usuario })

const INSERT = `
insert into aviso_personal (usuario_id, evento, clave, peticion_id, conversation_id, cuenta, at)
select unnest($1::bigint[]), $2, $3, $4, $5, $6, $7
on conflict (usuario_id, evento, clave) do nothing
returning usuario_id as usuario`
