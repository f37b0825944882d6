import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import type { Horas } from './cuando.ts'

/** Which notices go by e-mail at once; the rest waits for a digest, but for `ninguno`. */
export const CORREO = ['urgentes', 'al_momento', 'resumen', 'ninguno'] as const
/** Which digests somebody wants. */
export const RESUMEN = ['ambos', 'manana', 'mediodia'] as const

/** How a member of the staff wants to be told. */
export interface Preferencias {
  correo: (typeof CORREO)[number]
  resumen: (typeof RESUMEN)[number]
  /** null: the hours of the municipality. */
  silencio: Horas | null
  informeMensual: boolean
}

/** Of whoever chose nothing. */
export const SIN_ELEGIR: Preferencias = { correo: 'urgentes', resumen: 'ambos', silencio: null, informeMensual: false }

/** Of these users, by id; those who chose nothing are not in it. */
export async function leerPreferencias(
  em: EntityManager,
  usuarios: readonly number[],
): Promise<Map<number, Preferencias>> {
  const rows = await sql<Omit<Preferencias, 'silencio'> & { id: number; de: string | null; a: string | null }>(
    em,
    `select usuario_id as id, correo, resumen, to_char(silencio_de, 'HH24:MI') as de, to_char(silencio_a, 'HH24:MI') as a,
            informe_mensual as "informeMensual"
       from preferencia_de_avisos where usuario_id = any($1)`,
    [usuarios],
  )
  return new Map(rows.map(({ id, de, a, ...row }) => [id, { ...row, silencio: de && a ? { de, a } : null }]))
}

/** Keeps what this user chose. */
export async function guardarPreferencias(
  em: EntityManager,
  usuarioId: number,
  { correo, resumen, silencio, informeMensual }: Preferencias,
): Promise<void> {
  await sql(
    em,
    `insert into preferencia_de_avisos (usuario_id, correo, resumen, silencio_de, silencio_a, informe_mensual)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (usuario_id) do update
       set correo = excluded.correo, resumen = excluded.resumen, silencio_de = excluded.silencio_de,
           silencio_a = excluded.silencio_a, informe_mensual = excluded.informe_mensual`,
    [usuarioId, correo, resumen, silencio?.de ?? null, silencio?.a ?? null, informeMensual],
  )
}

/** The hours in which this user is not disturbed. */
export const silencioDe = ({ silencio }: Preferencias, { avisos_personales }: Municipio): Horas =>
  silencio ?? avisos_personales.silencio
