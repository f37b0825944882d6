import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import { UAC } from './codigos.ts'

/** The name of who attends a petition, for the citizen: the UAC's while it is directed to nobody. */
export async function nombreDeQuienAtiende(em: EntityManager, dependenciaId: string | null): Promise<string> {
  const row = await sqlOne<{ nombre: string }>(em, 'select nombre from dependencia where id = $1', [
    dependenciaId ?? UAC,
  ])
  return row?.nombre ?? UAC
}
