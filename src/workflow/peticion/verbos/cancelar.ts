import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { pasarSumados } from '../../avisos/sumados.ts'
import { alcanza } from '../../permisos.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { Peticion } from '../peticion.ts'
import { DatoInvalido, requerido } from '../rechazos.ts'

/** → CANCELADO: withdrawn, false, or the duplicate of another petition (its folio). The staff read `motivo`; the citizen is told `explicacion`, and needs none for what they withdrew themselves. */
export async function cancelar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: {
    motivo: string
    explicacion?: string | undefined
    duplicadoDe?: string | undefined
    version?: number | undefined
  },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'cancelar', ctx, datos.version)
  const nota = requerido(datos.motivo, 'motivo')
  const notaPublica = actor.tipo === 'ciudadano' ? nota : requerido(datos.explicacion, 'explicacion')
  const original = datos.duplicadoDe ? await exigirOriginal(em, peticionId, actor, datos.duplicadoDe) : undefined
  const duplicado = original && { cambios: { duplicadoDe: original }, datos: { duplicadoDe: original } }
  const movido = await asentar(em, paso, { nota, notaPublica, ...duplicado })
  if (original !== undefined) await pasarSumados(em, peticionId, original, paso.at)
  return movido
}

/** One that the actor may see, is another, and is itself no duplicate: so that no circle is made. */
async function exigirOriginal(em: EntityManager, peticionId: number, actor: Actor, folio: string): Promise<number> {
  const original = await em.findOne(Peticion, { folio }, { disableIdentityMap: true })
  const fits =
    original &&
    original.id !== peticionId &&
    typeof original.duplicadoDe !== 'number' &&
    (actor.tipo !== 'usuario' || alcanza(actor, original))
  if (!fits) throw new DatoInvalido('duplicado')
  return original.id
}
