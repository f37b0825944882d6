import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Uso } from '../../conversation/attachment.ts'
import type { BorradorPeticion, Requisito } from '../../conversation/flows/vocabulary.ts'
import { sql } from '../../runtime/sql.ts'
import type { Origen } from './registrar.ts'

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

interface Archivo {
  /** As the conversation knows it. */
  id: string
  /** As the petition knows it: another one for an anonymous petition, so that no older copy of a message leads to it. */
  nuevo: string
  uso: Uso
}

/** The files a draft names, and what becomes of them when it is registered. */
export interface ArchivosDeRegistro {
  /** The draft's requisitos, with the ids under which the petition will know their files. */
  requisitos: Record<string, string>
  entregar(em: EntityManager, peticionId: number): Promise<void>
}

/** Photographs and documents go from the conversation, or from who captured them, to the petition. */
export function archivosDeRegistro(
  borrador: BorradorPeticion,
  requisitos: Requisito[],
  origen: Origen,
): ArchivosDeRegistro {
  const documentos = new Set(requisitos.filter((one) => one.tipo === 'documento').map((one) => one.id))
  const archivos = new Map<string, Archivo>()
  const nombrar = (id: string, uso: Uso) => {
    const archivo = archivos.get(id) ?? { id, nuevo: borrador.anonima ? randomUUID() : id, uso }
    archivos.set(id, archivo)
    return archivo.nuevo
  }
  for (const id of borrador.fotos) nombrar(id, 'evidencia')
  const renombrados = Object.entries(borrador.requisitos).map(([requisito, valor]) => [
    requisito,
    documentos.has(requisito) ? valor.replace(UUID, (id) => nombrar(id, 'requisito')) : valor,
  ])
  return {
    requisitos: Object.fromEntries(renombrados),
    entregar: async (em, peticionId) => {
      const lista = [...archivos.values()]
      if (lista.length === 0) return
      const dueno = origen.tipo === 'chat' ? origen.conversationId : origen.actor.id
      const columna = origen.tipo === 'chat' ? 'conversation_id' : 'usuario_id'
      await sql(em, borrador.anonima ? soltar(columna) : atar(columna), [peticionId, dueno, JSON.stringify(lista)])
    },
  }
}

// Only what is theirs and belongs to no petition yet: an id in a draft is no permission.
const propios = (columna: string) => `
  from jsonb_to_recordset($3::jsonb) as x(id uuid, nuevo uuid, uso text)
 where a.id = x.id and a.${columna} = $2 and a.peticion_id is null`

const atar = (columna: string) => `
update attachment a set peticion_id = $1, uso = x.uso, latitud = null, longitud = null ${propios(columna)}`

// What is still being fetched is fetched again under its new id.
const soltar = (columna: string) => `
update attachment a
   set id = x.nuevo, peticion_id = $1, uso = x.uso, message_id = null, conversation_id = null, file_name = null,
       latitud = null, longitud = null,
       created_at = date_trunc('hour', now()),
       due_at = case when a.status = 'pending' then date_trunc('hour', now()) end, attempts = 0 ${propios(columna)}`
