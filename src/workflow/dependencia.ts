import { defineEntity, type EntityManager, p } from '@mikro-orm/postgresql'
import { sqlOne } from '../runtime/sql.ts'
import { UAC } from './codigos.ts'

const schema = defineEntity({
  name: 'Dependencia',
  tableName: 'dependencia',
  properties: {
    id: p.text().primary(),
    nombre: p.text(),
    tipo: p.text().$type<'municipal' | 'organismo_descentralizado' | 'externo'>(),
    dependeDe: p.text().nullable(),
    recibePeticiones: p.boolean(),
    orientacion: p.text().nullable(),
    retiradaAt: p.datetime().nullable(),
  },
})

/** A secretaría, dirección or organism that solves; may have a parent. */
export class Dependencia extends schema.class {}
schema.setClass(Dependencia)

/** The name of who attends a petition, for the citizen: the UAC's while it is directed to nobody. */
export async function nombreDeQuienAtiende(em: EntityManager, dependenciaId: string | null): Promise<string> {
  const row = await sqlOne<{ nombre: string }>(em, 'select nombre from dependencia where id = $1', [
    dependenciaId ?? UAC,
  ])
  return row?.nombre ?? UAC
}
