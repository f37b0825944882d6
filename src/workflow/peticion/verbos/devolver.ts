import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { requerido } from '../rechazos.ts'

/** CANALIZADO or RECIBIDO → REGISTRADO: the enlace says why it is not theirs; it waits in UAC's tray. */
export async function devolver(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { motivo: string; version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'devolver', ctx, datos.version)
  const nota = requerido(datos.motivo, 'motivo')
  const desde = paso.peticion.dependenciaId ?? null
  return asentar(em, paso, {
    cambios: { dependenciaId: null, enlaceId: null, canalizadaAt: null },
    nota,
    datos: { desde },
  })
}
