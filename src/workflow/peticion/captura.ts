import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { puedeCapturar } from '../permisos.ts'
import { siguienteNumero } from '../turnos/turnos.ts'
import { claveDeCaptura, enlaceFirmado } from './claves.ts'
import { DatoInvalido, FueraDeAlcance } from './rechazos.ts'
import type { Registrada, RegistroDeps } from './registrar.ts'

/** A petition that the staff writes down for somebody. */
export interface OrigenCaptura {
  tipo: 'captura'
  actor: UsuarioActor
  /** A UUID made with the form: a second post of the same form gives the same petition. */
  captura: string
  /** A code of the municipality's `medios` that staff may choose; of a comment, that of its network. */
  medio: string
  /** It was said in public, or in a chat that was left: where it was said is the medio, and nobody chose it. */
  deComentario?: true | undefined
  /** A code of its `programas`. */
  programa?: string | undefined
  /** The person chosen; without it, and without an address, a new one. */
  ciudadanoId?: number | undefined
  /** Whose message or comment it was. */
  addressId?: number | undefined
  /** A code of its `modulos`, where the person waits: gives a turno. */
  modulo?: string | undefined
}

/** The petition this very form already made, with the same clave; waits for a post of it that is under way. */
export async function yaCapturada(
  em: EntityManager,
  { actor, captura }: OrigenCaptura,
  deps: RegistroDeps,
): Promise<Registrada | undefined> {
  if (!puedeCapturar(actor)) throw new FueraDeAlcance()
  await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [captura])
  const found = await sqlOne<Omit<Registrada, 'clave' | 'enlacePublico' | 'outbox'>>(
    em,
    `select id as "peticionId", folio, plazo_dias as "plazoDias", vence_el as "venceEl", turno
       from peticion where captura = $1 and capturada_por = $2`,
    [captura, actor.id],
  )
  if (!found) return undefined
  const clave = claveDeCaptura(deps.secretKey, captura)
  return { ...found, clave, enlacePublico: enlaceFirmado(deps, found.folio), outbox: [] }
}

/** What the form says of the way; @throws {DatoInvalido} for a medio, programa or módulo the municipality does not have. */
export async function deCaptura(
  em: EntityManager,
  { actor, captura, medio, programa, modulo, deComentario }: OrigenCaptura,
  municipio: Municipio,
) {
  if (!deComentario && !municipio.medios.some((one) => one.codigo === medio && one.captura)) {
    throw new DatoInvalido('medio')
  }
  if (programa !== undefined && !municipio.programas.some((one) => one.codigo === programa)) {
    throw new DatoInvalido('programa')
  }
  return {
    medio,
    programa: programa ?? null,
    captura,
    capturadaPor: actor.id,
    turno: modulo === undefined ? null : await siguienteNumero(em, modulo, municipio),
  }
}
