import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { DatoInvalido } from '../peticion/rechazos.ts'

/** Where a person who waits stands. */
export type EstadoDeTurno = 'espera' | 'llamado' | 'ausente' | 'atendido'

/** A turno as the staff sees it. */
export interface Turno {
  id: number
  numero: string
  modulo: string
  estado: EstadoDeTurno
  emitidoAt: Date
  llamadoAt: Date | null
  llamados: number
  llamadoPor: number | null
}

/** Everything that may be done to a turno that was called or missed: from which state to which. */
export const MOVIMIENTOS_DE_TURNO = {
  repetir: { de: 'llamado', a: 'llamado' },
  ausente: { de: 'llamado', a: 'ausente' },
  atendido: { de: 'llamado', a: 'atendido' },
  regresar: { de: 'ausente', a: 'espera' },
} as const satisfies Record<string, { de: EstadoDeTurno; a: EstadoDeTurno }>

export type MovimientoDeTurno = keyof typeof MOVIMIENTOS_DE_TURNO

/** `R-042`: the módulo's initial and a number that starts again after 999. @throws {DatoInvalido} for a módulo there is not. */
export async function siguienteNumero(em: EntityManager, modulo: string, municipio: Municipio): Promise<string> {
  const nombre = municipio.modulos.find((one) => one.codigo === modulo)?.nombre
  if (!nombre) throw new DatoInvalido('modulo')
  const next = await sqlOne<{ numero: number }>(em, `select (nextval('turno_diario') - 1) % 999 + 1 as numero`)
  return `${nombre.charAt(0).toUpperCase()}-${String(next?.numero).padStart(3, '0')}`
}

/**
 * Gives a turno at a módulo to who just came. The same form sent again, by two presses of a button or a connection that failed, is the
 * turno it was the first time; `clave` is the form's. @returns its id. @throws {DatoInvalido} for a módulo there is not.
 */
export async function darTurno(
  em: EntityManager,
  { clave, modulo, at }: { clave: string; modulo: string; at: Date },
  municipio: Municipio,
): Promise<number> {
  await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`turno ${clave}`])
  const ya = await sqlOne<{ id: number }>(em, 'select id from turno where clave = $1', [clave])
  if (ya) return ya.id
  const id = await formar(em, { numero: await siguienteNumero(em, modulo, municipio), modulo, at })
  await sql(em, 'update turno set clave = $2 where id = $1', [id, clave])
  return id
}

/** From now on this number waits; of a petition that was captured already, or of none yet. */
export async function formar(
  em: EntityManager,
  { numero, modulo, peticionId, at }: { numero: string; modulo: string; peticionId?: number | undefined; at: Date },
): Promise<number> {
  const row = await sqlOne<{ id: number }>(
    em,
    'insert into turno (numero, modulo, peticion_id, emitido_at) values ($1, $2, $3, $4) returning id',
    [numero, modulo, peticionId ?? null, at],
  )
  if (!row) throw new Error('a turno was not stored')
  await publish(em, { topic: 'turno', modulo })
  return row.id
}

/** The page from which one calls did not show one's last call: it was sent twice, or another window called since. */
export class YaLlamado extends Error {
  override name = 'YaLlamado'
}

/** Which call of theirs today was the last of this person, such as `17.2`; empty before the first. */
export function ultimoLlamado(turnos: readonly Turno[], usuarioId: number): string {
  const [ultimo] = turnos
    .filter((one) => one.llamadoPor === usuarioId && one.llamadoAt !== null)
    .toSorted((a, b) => (b.llamadoAt?.getTime() ?? 0) - (a.llamadoAt?.getTime() ?? 0) || b.id - a.id)
  return ultimo ? `${ultimo.id}.${ultimo.llamados}` : ''
}

/**
 * Calls who waits longest at the módulo today; undefined when nobody does. Two who call at once get two people; `visto` is what
 * `ultimoLlamado` said when the page was shown. @throws {YaLlamado}
 */
export async function llamarSiguiente(
  em: EntityManager,
  modulo: string,
  usuarioId: number,
  { ahora, zona, visto }: { ahora: Date; zona: string; visto?: string | undefined },
): Promise<Turno | undefined> {
  if (visto !== undefined) {
    await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`llamar ${modulo} ${usuarioId}`])
    if (ultimoLlamado(await turnosDeHoy(em, modulo, ahora, zona), usuarioId) !== visto) throw new YaLlamado()
  }
  const called = await sqlOne<Turno>(em, LLAMAR, [modulo, usuarioId, ahora, zona])
  if (called) await publish(em, { topic: 'turno', modulo })
  return called
}

/** Calls again, notes who is not here or was attended, or puts back in line; false when somebody else did something meanwhile. */
export async function moverTurno(
  em: EntityManager,
  id: number,
  movimiento: MovimientoDeTurno,
  ahora: Date,
): Promise<boolean> {
  const { de, a } = MOVIMIENTOS_DE_TURNO[movimiento]
  const moved = await sqlOne<{ modulo: string }>(
    em,
    `update turno set estado = $3, llamados = llamados + case when $3 = 'llamado' then 1 else 0 end,
            llamado_at = case when $3 = 'llamado' then $4 else llamado_at end,
            cerrado_at = case when $3 in ('ausente', 'atendido') then $4::timestamptz end
      where id = $1 and estado = $2 returning modulo`,
    [id, de, a, ahora],
  )
  if (moved) await publish(em, { topic: 'turno', modulo: moved.modulo })
  return moved !== undefined
}

/** The person of this turno was captured: it is attended, and the petition theirs. */
export async function atenderConPeticion(
  em: EntityManager,
  id: number,
  peticionId: number | undefined,
  ahora: Date,
): Promise<void> {
  const done = await sqlOne<{ modulo: string }>(
    em,
    `update turno set estado = 'atendido', cerrado_at = $3, peticion_id = coalesce(peticion_id, $2)
      where id = $1 and estado <> 'atendido' returning modulo`,
    [id, peticionId ?? null, ahora],
  )
  if (done) await publish(em, { topic: 'turno', modulo: done.modulo })
}

/** Today's turnos of a módulo, in the order in which they came. */
export function turnosDeHoy(em: EntityManager, modulo: string, ahora: Date, zona: string): Promise<Turno[]> {
  return sql<Turno>(
    em,
    `select ${COLUMNS} from turno t where t.modulo = $1 and t.emitido_at >= ${HOY('$2', '$3')} order by t.id limit 1000`,
    [modulo, ahora, zona],
  )
}

/** What a waiting room shows: the last that were called today, the newest first. No more than number and módulo. */
export interface Llamado {
  numero: string
  modulo: string
  /** They are being called now; the others were. */
  ahora: boolean
  /** Changes with every call, also a repeated one. */
  vez: string
}

/** The last `n` calls of a módulo, or of all. */
export function llamados(
  em: EntityManager,
  modulo: string | null,
  { ahora, zona, n }: { ahora: Date; zona: string; n: number },
): Promise<Llamado[]> {
  return sql<Llamado>(
    em,
    `select t.numero, t.modulo, t.estado = 'llamado' as ahora, t.id || '.' || t.llamados as vez
       from turno t
      where ($1::text is null or t.modulo = $1) and t.emitido_at >= ${HOY('$2', '$3')} and t.llamado_at is not null
        and t.estado <> 'espera'
      order by t.llamado_at desc limit $4`,
    [modulo, ahora, zona, n],
  )
}

const COLUMNS = `t.id, t.numero, t.modulo, t.estado, t.emitido_at as "emitidoAt", t.llamado_at as "llamadoAt", t.llamados,
       t.llamado_por as "llamadoPor"`

/** The day began at this moment, in the town's zone. */
const HOY = (ahora: string, zona: string) =>
  `date_trunc('day', ${ahora}::timestamptz at time zone ${zona}) at time zone ${zona}`

const LLAMAR = `
update turno t set estado = 'llamado', llamado_at = $3, llamados = t.llamados + 1, llamado_por = $2
 where t.id = (
   select id from turno
    where modulo = $1 and estado = 'espera' and emitido_at >= ${HOY('$3', '$4')}
    order by id limit 1 for update skip locked)
returning ${COLUMNS}`
