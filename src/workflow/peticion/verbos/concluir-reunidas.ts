import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../../runtime/sql.ts'
import type { Contexto, Movido } from '../paso.ts'
import { type Conclusion, concluir } from './concluir.ts'

/** What a petition needs so that it can be concluded with the one it is gathered under: the same house attends it. */
export const REUNIDA_CONCLUIBLE = `r.principal_id = p.id and r.estado in ('CANALIZADO', 'RECIBIDO', 'PROCESO')
  and r.dependencia_id is not distinct from p.dependencia_id and r.categoria = p.categoria`

/** Before a petition is concluded: locks it and those gathered under it, in the order of their ids as everybody does who locks several. */
export async function bloquearConReunidas(em: EntityManager, principalId: number): Promise<void> {
  await sql(em, 'select 1 from peticion where id = $1 or principal_id = $1 order by id for no key update', [
    principalId,
  ])
}

/** Concludes with the same answer those gathered under a petition: each one's citizen is told as of their own. */
export async function concluirReunidas(
  em: EntityManager,
  principalId: number,
  { resuelto, accion, observacion, explicacion }: Conclusion,
  ctx: Contexto,
): Promise<Movido[]> {
  const reunidas = await sql<{ id: number }>(
    em,
    `select r.id from peticion r join peticion p on p.id = $1 where ${REUNIDA_CONCLUIBLE} order by r.id for no key update of r`,
    [principalId],
  )
  const hechas: Movido[] = []
  for (const { id } of reunidas)
    hechas.push(await concluir(em, id, { tipo: 'sistema' }, { resuelto, accion, observacion, explicacion }, ctx))
  return hechas
}
