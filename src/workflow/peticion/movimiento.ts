import { defineEntity, p } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import type { Actor } from '../actor.ts'
import type { Verbo } from './transiciones.ts'

/** What a movimiento records beside its notes: only what a later reader needs. */
export interface DatosDeMovimiento {
  /** Where it went, and where it came from. */
  dependencia?: string | null
  desde?: string | null
  enlace?: number | null
  /** The dependencia that has no enlace, so that the UAC attends for it. */
  sinEnlace?: string
  resuelto?: boolean
  /** What the valoración came to. */
  aceptada?: boolean
  accion?: string
  adjunto?: string
  duplicadoDe?: number
  medio?: string
  /** The movimiento that was taken back. */
  deshace?: number
  /** Rows in `message` with what was said to the citizen. */
  mensajes?: number[]
}

const schema = defineEntity({
  name: 'Movimiento',
  tableName: 'movimiento',
  properties: {
    id: p.bigint('number').primary(),
    peticionId: p.bigint('number'),
    at: p.datetime(),
    verbo: p.text().$type<Verbo>(),
    de: p.text().$type<Estado>().nullable(),
    a: p.text().$type<Estado>().nullable(),
    actor: p.text().$type<Actor['tipo']>(),
    usuarioId: p.bigint('number').nullable(),
    /** For the staff. */
    nota: p.text().nullable(),
    /** For the citizen, on the public page and in the notice. */
    notaPublica: p.text().nullable(),
    datos: p.json<DatosDeMovimiento>().defaultRaw("'{}'"),
  },
})

/** One entry of a petition's history; the table only grows. */
export class Movimiento extends schema.class {}
schema.setClass(Movimiento)
