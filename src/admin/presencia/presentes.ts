import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import { puedeLeerHilo } from '../conversaciones/hilo-permiso.ts'

/** What an open page has before it; `peticion-12` or `conversacion-7` in an address. */
export interface Mirado {
  objeto: 'peticion' | 'conversacion'
  id: number
}

/** A colleague who looks at the same. */
export interface Presente {
  nombre: string
  escribe: boolean
}

/** Seconds after which a page that gave no sign is gone: its process died. */
const VENCE = 60
/** Seconds that a key pressed counts as writing. */
const ESCRIBIENDO = 6

/** Reads it from an address; undefined for anything else. */
export function leerMirado(text: string | undefined): Mirado | undefined {
  const match = /^(peticion|conversacion)-(\d{1,15})$/.exec(text ?? '')
  if (!match) return undefined
  return { objeto: match[1] === 'peticion' ? 'peticion' : 'conversacion', id: Number(match[2]) }
}

/** May this user look at it at all? */
export async function puedeMirar(em: EntityManager, usuario: UsuarioActor, { objeto, id }: Mirado): Promise<boolean> {
  if (objeto === 'conversacion') return puedeLeerHilo(em, usuario, id)
  const { sql: condicion, params } = alcance(usuario, 2)
  return (await sqlOne(em, `select 1 from peticion p where p.id = $1 and ${condicion}`, [id, ...params])) !== undefined
}

/** A page was opened on it, or still is. */
export async function estar(
  em: EntityManager,
  pagina: string,
  usuarioId: number,
  { objeto, id }: Mirado,
): Promise<void> {
  const entered = await sqlOne<{ nueva: boolean }>(
    em,
    `insert into presencia as p (pagina, objeto, objeto_id, usuario_id) values ($1, $2, $3, $4)
     on conflict (pagina) do update set visto_at = clock_timestamp() returning xmax = 0 as nueva`,
    [pagina, objeto, id, usuarioId],
  )
  if (!entered?.nueva) return
  await sql(em, "delete from presencia where visto_at < clock_timestamp() - interval '10 minutes'")
  await anunciar(em, { objeto, id })
}

/** The page was closed. */
export async function irse(em: EntityManager, pagina: string, mirado: Mirado): Promise<void> {
  await sql(em, 'delete from presencia where pagina = $1', [pagina])
  await anunciar(em, mirado)
}

/** This user presses keys in a form on it; nothing unless they have it open. */
export async function escribir(em: EntityManager, usuarioId: number, mirado: Mirado): Promise<void> {
  const writing = await sql(
    em,
    `update presencia set escribe_hasta = clock_timestamp() + make_interval(secs => $4)
      where objeto = $1 and objeto_id = $2 and usuario_id = $3 returning 1`,
    [mirado.objeto, mirado.id, usuarioId, ESCRIBIENDO],
  )
  if (writing.length > 0) await anunciar(em, mirado)
}

/** The others who have it open now, by name. */
export const presentesEn = (em: EntityManager, usuarioId: number, { objeto, id }: Mirado): Promise<Presente[]> =>
  sql(
    em,
    `select u.nombre, coalesce(bool_or(p.escribe_hasta > clock_timestamp()), false) as escribe
       from presencia p join usuario u on u.id = p.usuario_id
      where p.objeto = $1 and p.objeto_id = $2 and p.usuario_id <> $3
        and p.visto_at > clock_timestamp() - make_interval(secs => $4)
      group by u.id, u.nombre order by sin_acentos(u.nombre), u.id`,
    [objeto, id, usuarioId, VENCE],
  )

const anunciar = (em: EntityManager, { objeto, id }: Mirado) => publish(em, { topic: 'presencia', objeto, id })
