import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { URGENTES } from '../../workflow/avisos-personales/eventos.ts'
import { type Aviso, leerAvisos } from '../../workflow/avisos-personales/leer.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import { type Persona, personalActivo } from '../../workflow/personal.ts'
import { despuesDelSilencio, resumenesDe } from './cuando.ts'
import { leerPreferencias, type Preferencias, SIN_ELEGIR, silencioDe } from './preferencias.ts'

/** What deciding over e-mail and push needs. */
export interface RepartoDeps {
  municipio: Municipio
  now(): Date
}

/** Notices that one look takes. */
const MOST = 200

interface PorRepartir {
  id: number
  usuarioId: number
}

/**
 * Decides of each new notice how it goes: at once by e-mail, in the next digest, by push; once, in one transaction with those rows.
 * What was read meanwhile, or left one's reach, goes no way. `em` has no transaction.
 */
export async function repartirAvisos(em: EntityManager, deps: RepartoDeps): Promise<void> {
  await em.transactional(async (tx) => {
    const rows = await sql<PorRepartir>(tx, POR_REPARTIR, [MOST])
    if (rows.length === 0) return
    const personal = await personalActivo(tx)
    const elegidas = await leerPreferencias(tx, [...new Set(rows.map(({ usuarioId }) => usuarioId))])
    for (const persona of personal) {
      const ids = rows.filter(({ usuarioId }) => usuarioId === persona.id).map(({ id }) => id)
      if (ids.length > 0) await repartirA(tx, persona, ids, elegidas.get(persona.id) ?? SIN_ELEGIR, deps)
    }
    await sql(tx, 'update aviso_personal set repartido = true where id = any($1)', [rows.map(({ id }) => id)])
  })
}

async function repartirA(
  tx: EntityManager,
  persona: Persona,
  ids: number[],
  preferencias: Preferencias,
  { municipio, now }: RepartoDeps,
): Promise<void> {
  const avisos = (await leerAvisos(tx, persona, { ids, limit: ids.length })).filter(({ leidoAt }) => leidoAt === null)
  const [first] = avisos
  if (!first) return
  const at = now()
  const end = despuesDelSilencio(at, silencioDe(preferencias, municipio), municipio.zona_horaria)
  // An hour cut off matches no chat: the row of an anonymous petition's notice has no time of its own.
  const due = end === at ? first.at : end
  await sql(tx, PUSH, [persona.id, avisos.map(({ id }) => id), due])
  const directos = avisos.filter((aviso) => vaDirecto(aviso, preferencias)).map(({ id }) => id)
  if (directos.length > 0) {
    const clave = `a${Math.min(...directos)}`
    await escribirCorreo(tx, { usuarioId: persona.id, clase: 'aviso', clave, due, avisos: directos })
  }
  const luego =
    preferencias.correo === 'ninguno' ? [] : avisos.map(({ id }) => id).filter((id) => !directos.includes(id))
  await sql(tx, 'update aviso_personal set resumen = true where id = any($1)', [luego])
}

const vaDirecto = ({ evento }: Aviso, { correo }: Preferencias) =>
  correo === 'al_momento' || (correo === 'urgentes' && URGENTES.includes(evento))

/** An e-mail that waits to be sent, with what is in it. */
interface PorEscribir {
  usuarioId: number
  clase: 'aviso' | 'resumen'
  clave: string
  due: Date
  avisos: number[]
}

/** Writes it once for each key, and which notices are in it. */
async function escribirCorreo(tx: EntityManager, { usuarioId, clase, clave, due, avisos }: PorEscribir): Promise<void> {
  const row = await sqlOne<{ id: number }>(
    tx,
    `insert into correo (usuario_id, clase, clave, due_at) values ($1, $2, $3, $4)
     on conflict (usuario_id, clase, clave) do nothing returning id`,
    [usuarioId, clase, clave, due],
  )
  if (row) await sql(tx, 'update aviso_personal set correo_id = $2 where id = any($1)', [avisos, row.id])
}

/** Gathers what waits into the digest whose time has come; each person's once. `em` has no transaction. */
export async function hacerResumenes(em: EntityManager, { municipio, now }: RepartoDeps): Promise<void> {
  const due = resumenesDe(now(), municipio.avisos_personales.resumen, municipio.zona_horaria)
  for (const { cual, clave } of due) {
    await em.transactional(async (tx) => {
      const rows = await sql<PorRepartir>(tx, POR_RESUMIR, [clave])
      const usuarios = [...new Set(rows.map(({ usuarioId }) => usuarioId))]
      const elegidas = await leerPreferencias(tx, usuarios)
      for (const usuario of usuarios) {
        const { resumen, correo } = elegidas.get(usuario) ?? SIN_ELEGIR
        if (correo === 'ninguno' || (resumen !== 'ambos' && resumen !== cual)) continue
        const avisos = rows.filter(({ usuarioId }) => usuarioId === usuario).map(({ id }) => id)
        await escribirCorreo(tx, { usuarioId: usuario, clase: 'resumen', clave, due: now(), avisos })
      }
    })
  }
}

const POR_REPARTIR = `
select id, usuario_id as "usuarioId" from aviso_personal where not repartido order by id limit $1 for update skip locked`

// Whose digest of this hour is made waits for the next.
const POR_RESUMIR = `
select v.id, v.usuario_id as "usuarioId" from aviso_personal v
 where v.resumen and v.correo_id is null and v.leido_at is null
   and not exists (select from correo c where c.usuario_id = v.usuario_id and c.clase = 'resumen' and c.clave = $1)
 order by v.id limit 2000 for update of v skip locked`

const PUSH = `
insert into envio_push (aviso_id, suscripcion_id, due_at)
select v, s.id, $3 from suscripcion_push s, unnest($2::bigint[]) v where s.usuario_id = $1
on conflict do nothing`
