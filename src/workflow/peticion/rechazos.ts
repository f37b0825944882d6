import type { Estado } from '../../conversation/flows/vocabulary.ts'
import type { Verbo } from './transiciones.ts'

/** Why a verb was refused; nothing was changed. `explicarRechazo` says it to the staff. */
export abstract class Rechazo extends Error {}

/** The petition does not exist or is not within the actor's reach: who asks is told the same of both. */
export class FueraDeAlcance extends Rechazo {
  constructor() {
    super('the petition does not exist or is out of reach')
    this.name = 'FueraDeAlcance'
  }
}

/** Somebody changed the petition since the actor saw it. */
export class Conflicto extends Rechazo {
  readonly estado: Estado

  constructor(estado: Estado) {
    super('the petition was changed since it was read')
    this.name = 'Conflicto'
    this.estado = estado
  }
}

/** The table has no line for it: this state, this actor. */
export class TransicionNoPermitida extends Rechazo {
  readonly verbo: Verbo
  readonly estado: Estado
  /** What this actor may do now. */
  readonly permitidos: readonly Verbo[]

  constructor(verbo: Verbo, estado: Estado, permitidos: readonly Verbo[]) {
    super(`${verbo} is not allowed from ${estado}; allowed now: ${permitidos.join(', ') || 'nothing'}`)
    this.name = 'TransicionNoPermitida'
    this.verbo = verbo
    this.estado = estado
    this.permitidos = permitidos
  }
}

/** The persons are no longer what the actor saw: joined, or taken apart, by somebody else meanwhile. */
export class PersonasCambiaron extends Rechazo {
  constructor() {
    super('the persons were joined or taken apart meanwhile')
    this.name = 'PersonasCambiaron'
  }
}

/** What can be wrong in what a verb was given. */
export type Falta =
  | 'motivo'
  | 'texto'
  | 'accion'
  | 'observacion'
  | 'explicacion'
  | 'formato'
  | 'oficio'
  | 'dependencia'
  | 'enlace'
  | 'duplicado'
  | 'ventana'
  | 'pregunta'
  | 'direccion'
  | 'borrador'
  | 'categoria'
  | 'medio'
  | 'programa'
  | 'modulo'
  | 'mencion'

/** Something the verb needs is missing or does not fit. */
export class DatoInvalido extends Rechazo {
  readonly falta: Falta

  constructor(falta: Falta) {
    super(`missing or unfit: ${falta}`)
    this.name = 'DatoInvalido'
    this.falta = falta
  }
}

/** The text without spaces around it, nor characters that PostgreSQL has no place for. @throws {DatoInvalido} when nothing is left. */
export function requerido(texto: string | undefined, falta: Falta): string {
  const limpio = opcional(texto)
  if (limpio === undefined) throw new DatoInvalido(falta)
  return limpio
}

/** As `requerido`, but nothing is no error. */
export function opcional(texto: string | undefined): string | undefined {
  return texto?.toWellFormed().replaceAll('\0', '').trim() || undefined
}
