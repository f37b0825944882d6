import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../../actor.ts'
import { type Destino, destinoAutomatico, destinoElegido } from '../destino.ts'
import { type Asiento, abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { DatoInvalido, requerido } from '../rechazos.ts'

/** REGISTRADO → CANALIZADO: to the dependencia that UAC chose, or that the rules and the category say. */
export async function canalizar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { dependencia?: string | undefined; enlace?: number | undefined; version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'canalizar', ctx, datos.version)
  const destino = datos.dependencia
    ? await destinoElegido(em, paso.peticion, datos.dependencia, datos.enlace)
    : await destinoAutomatico(em, paso.peticion)
  return asentar(em, paso, dirigida(destino, paso.at))
}

/** Work under way → CANALIZADO, to another dependencia (or another enlace of the same), with a reason for the staff. */
export async function recanalizar(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { dependencia: string; motivo: string; enlace?: number | undefined; version?: number | undefined },
  ctx: Contexto,
): Promise<Movido> {
  const paso = await abrir(em, peticionId, actor, 'recanalizar', ctx, datos.version)
  const nota = requerido(datos.motivo, 'motivo')
  const desde = paso.peticion.dependenciaId ?? null
  const destino = await destinoElegido(em, paso.peticion, datos.dependencia, datos.enlace)
  if (destino.dependenciaId === desde && destino.enlaceId === paso.peticion.enlaceId) {
    throw new DatoInvalido('dependencia')
  }
  const asiento = dirigida(destino, paso.at)
  return asentar(em, paso, { ...asiento, nota, datos: { ...asiento.datos, desde } })
}

function dirigida({ dependenciaId, enlaceId, sinEnlace }: Destino, canalizadaAt: Date): Asiento {
  return {
    cambios: { dependenciaId, enlaceId, canalizadaAt },
    datos: { enlace: enlaceId, ...(sinEnlace ? { sinEnlace } : {}) },
  }
}
