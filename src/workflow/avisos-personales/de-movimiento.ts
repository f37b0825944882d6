import type { EntityManager } from '@mikro-orm/postgresql'
import type { Actor } from '../actor.ts'
import { type Alcanzable, alcanza } from '../permisos.ts'
import { personalActivo, personalDe } from '../personal.ts'
import type { Verbo } from '../peticion/transiciones.ts'
import { avisar } from './avisar.ts'
import type { Evento } from './eventos.ts'

/** What the staff hears of each verb, and who: the dependencia's enlaces, or the UAC. */
const AVISOS: Partial<Record<Verbo, { evento: Evento; a: 'enlaces' | 'uac' }>> = {
  canalizar: { evento: 'asignada', a: 'enlaces' },
  recanalizar: { evento: 'asignada', a: 'enlaces' },
  devolver: { evento: 'devuelta', a: 'uac' },
  rechazar: { evento: 'rechazada', a: 'enlaces' },
  reabrir: { evento: 'reabierta', a: 'enlaces' },
  comentar: { evento: 'comentario', a: 'enlaces' },
  aclarar: { evento: 'aclarada', a: 'enlaces' },
}

/** A movimiento that was just written. */
export interface Hecho {
  movimientoId: number
  verbo: Verbo
  actor: Actor
  at: Date
}

/** Tells the staff of a movimiento, in its transaction; who did it knows. Those who may not see the petition hear nothing. */
export async function avisarDeMovimiento(
  em: EntityManager,
  peticion: Alcanzable & { id: number },
  { movimientoId, verbo, actor, at }: Hecho,
): Promise<void> {
  const aviso = AVISOS[verbo]
  if (!aviso) return
  const quienes =
    aviso.a === 'uac' ? await personalDe(em, 'validador') : await quienesAtienden(em, peticion.dependenciaId ?? null)
  const otros = quienes.filter((one) => alcanza(one, peticion) && !(actor.tipo === 'usuario' && actor.id === one.id))
  const objeto = { peticionId: peticion.id }
  await avisar(
    em,
    { evento: aviso.evento, clave: `m${movimientoId}`, objeto, at },
    otros.map(({ id }) => id),
  )
}

/** The enlaces of a dependencia; the UAC's validadores where there is none. */
async function quienesAtienden(em: EntityManager, dependenciaId: string | null) {
  const enlaces = dependenciaId === null ? [] : await personalDe(em, 'enlace', dependenciaId)
  return enlaces.length > 0 ? enlaces : personalDe(em, 'validador')
}

/** Somebody named these in a note: they hear of it. */
export async function avisarMencion(
  em: EntityManager,
  peticion: Alcanzable & { id: number },
  { movimientoId, at }: { movimientoId: number; at: Date },
  usuarios: readonly number[],
): Promise<void> {
  const alcanzan = (await personalActivo(em)).filter((one) => usuarios.includes(one.id) && alcanza(one, peticion))
  const objeto = { peticionId: peticion.id }
  await avisar(
    em,
    { evento: 'mencion', clave: `m${movimientoId}`, objeto, at },
    alcanzan.map(({ id }) => id),
  )
}
