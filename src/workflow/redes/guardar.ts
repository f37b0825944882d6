import type { EntityManager } from '@mikro-orm/postgresql'
import type { PublicEvent, SavePublic } from '../../channels/public-post.ts'
import type { Database } from '../../runtime/database.ts'
import { publish } from '../../runtime/events.ts'
import { storable, storableJson } from '../../runtime/json.ts'
import { sql } from '../../runtime/sql.ts'
import { plegar, type Suceso } from './plegar.ts'

/**
 * Stores what was said in public, once each, and what became of it; resolves after the commit. `wake` is told of those whose
 * platform knows more than it told.
 */
export function createSavePublic(database: Database, wake: () => void): SavePublic {
  return async (events) => {
    const nuevos = await database.fork().transactional((em) => guardar(em, events))
    if (events.some(({ post }) => post.incomplete)) wake()
    return { saved: nuevos, repeated: events.length - nuevos }
  }
}

interface Guardado {
  comentarioId: number
}

async function guardar(em: EntityManager, events: PublicEvent[]): Promise<number> {
  const rows = storableJson(events.map(aFila))
  await sql(em, LUGAR, [rows])
  const nuevos = await sql<Guardado>(em, SUCESOS, [rows])
  const ids = [...new Set(nuevos.map(({ comentarioId }) => comentarioId))]
  if (ids.length === 0) return 0
  await replegar(em, ids)
  await sql(em, CONTESTADO_FUERA, [ids])
  await sql(em, SI_SALIO, [ids])
  for (const id of ids) await publish(em, { topic: 'comentario', id })
  return nuevos.length
}

/** Longer ids than any platform makes would not fit the unique index. */
const LONGEST_ID = 512

function aFila({ channel, account, externalId, verb, at, post }: PublicEvent, order: number) {
  const { id, incomplete, ...cuerpo } = post
  const named = storable(id).slice(0, LONGEST_ID)
  return {
    order,
    channel,
    account,
    external_id: storable(externalId).slice(0, LONGEST_ID),
    comentario: named,
    kind: post.kind,
    verbo: verb,
    cuerpo,
    at: at.toISOString(),
    incompleto: incomplete ?? false,
  }
}

const INPUT = `jsonb_to_recordset($1::jsonb) as x("order" int, channel text, account text, external_id text,
  comentario text, kind text, verbo text, cuerpo jsonb, at timestamptz, incompleto boolean)`

// In one order everywhere, so that two deliveries that name the same comments wait for each other instead of both dying.
const LUGAR = `
insert into comentario (channel, account, external_id, kind, detalle_at)
select distinct on (channel, account, comentario) channel, account, comentario, kind, case when incompleto then now() end
  from ${INPUT} order by channel, account, comentario, incompleto desc
on conflict (channel, account, external_id) do nothing`

const SUCESOS = `
insert into comentario_suceso (comentario_id, channel, account, external_id, verbo, cuerpo, at)
select c.id, x.channel, x.account, x.external_id, x.verbo, x.cuerpo, x.at
  from ${INPUT} join comentario c on c.channel = x.channel and c.account = x.account and c.external_id = x.comentario
 order by c.id, x."order"
on conflict (channel, account, external_id) do nothing
returning comentario_id as "comentarioId"`

/** Writes what the events of these comments come to now, under their locks. */
export async function replegar(em: EntityManager, ids: number[]): Promise<void> {
  await sql(em, 'select 1 from comentario where id = any($1) order by id for no key update', [ids])
  const sucesos = await sql<Suceso & { comentarioId: number }>(
    em,
    `select id, comentario_id as "comentarioId", verbo, cuerpo, at from comentario_suceso where comentario_id = any($1)`,
    [ids],
  )
  for (const id of ids) {
    const suyos = sucesos.filter((one) => one.comentarioId === id)
    await sql(em, PLEGADO, [id, storableJson(plegar(suyos))])
  }
}

const PLEGADO = `
update comentario c
   set kind = x.kind, propio = x.propio, autor = x.autor, autor_id = x."autorId", texto = x.texto, medios = x.medios,
       post_id = x."postId", parent_id = x."parentId", permalink = x.permalink, post_permalink = x."postPermalink",
       post_texto = x."postTexto", publicado_at = x."publicadoAt", editado_at = x."editadoAt", borrado_at = x."borradoAt",
       oculto = x.oculto
  from jsonb_to_record($2::jsonb) as x(kind text, propio boolean, autor text, "autorId" text, texto text, medios jsonb,
       "postId" text, "parentId" text, permalink text, "postPermalink" text, "postTexto" text, "publicadoAt" timestamptz,
       "editadoAt" timestamptz, "borradoAt" timestamptz, oculto boolean)
 where c.id = $1`

// Somebody of ours answered in the platform's own application: then nobody has to any more. Whichever of the two came first.
const CONTESTADO_FUERA = `
update comentario c
   set atendido_at = coalesce(c.atendido_at, r.publicado_at), contestado_at = least(c.contestado_at, r.publicado_at)
  from comentario r
 where r.propio and not c.propio and r.borrado_at is null
   and r.channel = c.channel and r.account = c.account and r.parent_id = c.external_id
   and (r.id = any($1) or c.id = any($1)) and r.publicado_at > coalesce(c.reabierto_at, '-infinity')
   and (c.atendido_at is null or c.contestado_at is null)`

// An answer of which nobody knew whether it went, and here it is.
const SI_SALIO = `
update comentario_acto a
   set estado = 'hecho', provider_id = r.external_id, done_at = coalesce(a.done_at, now()), error = null
  from comentario r join comentario c on c.channel = r.channel and c.account = r.account and c.external_id = r.parent_id
 where r.id = any($1) and r.propio and a.comentario_id = c.id and a.acto in ('responder', 'invitar')
   and a.estado = 'ambiguo' and a.texto = r.texto
   -- An earlier answer in the same words, of which it is known that it went.
   and not exists (select from comentario_acto o where o.comentario_id = c.id and o.provider_id = r.external_id)`
