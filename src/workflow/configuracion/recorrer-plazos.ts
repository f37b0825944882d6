import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import { ABIERTA } from '../peticion/filtro.ts'
import { diasHabilesEntre, vencimiento } from '../peticion/plazo.ts'

/** The days off before and after a change, as ISO dates. */
export interface Calendarios {
  antes: ReadonlySet<string>
  despues: ReadonlySet<string>
  zona: string
}

/** A due day that moves: of all open rows that count from the day `desde` and were due on the day `de`. */
interface Recorrido {
  desde: string
  de: string
  a: string
}

/** Where due days are kept: the open petitions', and those of questions to citizens. `p` is always the petition. */
const FECHAS = {
  peticiones: {
    tabla: 'peticion',
    filas: `peticion p where ${ABIERTA}`,
    columna: 'p.vence_el',
    desde: 'p.registrada_at',
  },
  preguntas: {
    tabla: 'aclaracion',
    filas: 'aclaracion p where p.cerrada_at is null',
    columna: 'p.vence_el',
    desde: 'p.hecha_at',
  },
  pausadas: {
    tabla: 'aclaracion',
    filas: 'aclaracion p where p.cerrada_at is null and p.plazo_antes is not null',
    columna: 'p.plazo_antes',
    desde: 'p.hecha_at',
  },
} as const

/** How many due days of open petitions would move if the calendar changed so. */
export async function contarRecorridas(em: EntityManager, calendarios: Calendarios): Promise<number> {
  const recorridos = await recorridosDe(em, FECHAS.peticiones, calendarios)
  return recorridos.reduce((sum, one) => sum + one.filas, 0)
}

/**
 * Moves the due days of all that is open so that as many working days are left as there were: a new day off gives a day more, one that is
 * taken back takes it away again. @returns how many petitions are due on another day.
 */
export async function recorrerPlazos(tx: EntityManager, calendarios: Calendarios): Promise<number> {
  await bloquear(tx, primerCambio(calendarios))
  let movidas = 0
  for (const [cual, fecha] of Object.entries(FECHAS)) {
    const recorridos = await recorridosDe(tx, fecha, calendarios)
    if (recorridos.length === 0) continue
    const columna = fecha.columna.slice(2)
    const rows = await sql(
      tx,
      `update ${fecha.tabla} t set ${columna} = m.a
         from (select p.id, x.a from jsonb_to_recordset($1) as x(desde date, de date, a date), ${fecha.filas}
                  and ${fecha.columna} = x.de and ${cuentaDesde(fecha.desde, 2)} = x.desde) m
        where m.id = t.id returning 1`,
      [JSON.stringify(recorridos), primerCambio(calendarios), calendarios.zona],
    )
    if (cual === 'peticiones') movidas = rows.length
  }
  return movidas
}

/** Whoever locks more than one petition does so in the order of their ids, so that two of them never wait for each other. */
async function bloquear(tx: EntityManager, primero: string | undefined): Promise<void> {
  if (primero !== undefined) await sql(tx, BLOQUEAR, [primero])
}

/** The first day that is counted otherwise than before; undefined when none is. */
export function primerCambio({ antes, despues }: Calendarios): string | undefined {
  return [...antes]
    .filter((day) => !despues.has(day))
    .concat([...despues].filter((day) => !antes.has(day)))
    .sort()[0]
}

/** The day before the change, or the day on which it began when that is later: before it nothing is counted otherwise. */
const cuentaDesde = (columna: string, first: number) =>
  `greatest($${first}::date - 1, (${columna} at time zone $${first + 1})::date)`

async function recorridosDe(
  em: EntityManager,
  { filas, columna, desde }: (typeof FECHAS)[keyof typeof FECHAS],
  calendarios: Calendarios,
): Promise<(Recorrido & { filas: number })[]> {
  const primero = primerCambio(calendarios)
  if (primero === undefined) return []
  const { antes, despues, zona } = calendarios
  const rows = await sql<{ desde: string; de: string; filas: number }>(
    em,
    `select to_char(${cuentaDesde(desde, 1)}, 'YYYY-MM-DD') as desde, to_char(${columna}, 'YYYY-MM-DD') as de, count(*) as filas
       from ${filas} and ${columna} >= $1::date group by 1, 2`,
    [primero, zona],
  )
  return rows.flatMap((row) => {
    const dias = diasHabilesEntre(row.desde, row.de, antes)
    const a = dias < 1 ? row.de : vencimiento(mediodia(row.desde), dias, despues, zona)
    return a === row.de ? [] : [{ ...row, a }]
  })
}

const BLOQUEAR = `
select 1 from peticion p
 where (${ABIERTA} and p.vence_el >= $1::date)
    or p.id in (select a.peticion_id from aclaracion a where a.cerrada_at is null)
 order by p.id for no key update`

/** Noon of a day in the municipality, or near enough to be in that day. */
const mediodia = (day: string): Date => new Date(`${day}T18:00:00Z`)
