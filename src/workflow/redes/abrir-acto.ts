import type { EntityManager } from '@mikro-orm/postgresql'
import type { PublicAct, PublicPosts } from '../../channels/public-post.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { opcional } from '../peticion/rechazos.ts'
import { type Acto, ActoRechazado, type Comentario, DIAS_PARA_PRIVADO, PLAZO_DE_LLAMADA } from './acto.ts'

/** What is asked, by whom. */
export interface Pedido {
  comentarioId: number
  acto: Acto
  usuarioId: number
  /** UUID of the form: a second post of it does nothing. */
  solicitud: string
  texto?: string | undefined
  /** The newest act that the form showed: an answer of somebody else's after it is told before another one goes. */
  visto?: number | undefined
  /** An answer although nobody knows whether the last one went. */
  aunque?: boolean | undefined
  /** The answer that is to be deleted. */
  sobre?: number | undefined
}

/** An act that may go on: its row is written. */
export interface Abierto {
  actoId: number
  comentario: Comentario
  texto: string
  /** Platform id of the answer that is to be deleted. */
  respuestaId: string | null
}

const ES: Partial<Record<Acto, PublicAct>> = {
  responder: 'reply',
  invitar: 'reply',
  privado: 'replyPrivately',
  ocultar: 'hide',
  mostrar: 'hide',
}

/** Reads and locks a comment of somebody else's. @throws {ActoRechazado} */
export async function bloquearComentario(em: EntityManager, id: number): Promise<Comentario> {
  const comentario = await sqlOne<Comentario>(em, COMENTARIO, [id])
  if (!comentario) throw new ActoRechazado('no_existe')
  return comentario
}

/**
 * Guards an act and writes it down, in the transaction of `em`; undefined when this very form was posted before.
 * @throws {ActoRechazado}
 */
export async function abrirActo(
  em: EntityManager,
  pedido: Pedido,
  posts: PublicPosts | undefined,
  ahora: Date,
): Promise<Abierto | undefined> {
  const comentario = await bloquearComentario(em, pedido.comentarioId)
  if (await sqlOne(em, 'select 1 from comentario_acto where solicitud = $1', [pedido.solicitud])) return undefined
  await sql(em, VENCIDOS, [comentario.id, PLAZO_DE_LLAMADA])
  const texto = exigirTexto(pedido, posts)
  exigirPlataforma(pedido.acto, comentario, posts)
  if (pedido.acto === 'privado') await exigirPrivado(em, comentario, ahora)
  if (ES[pedido.acto] === 'reply') await exigirSinDuda(em, pedido)
  if (texto !== '') await exigirVisto(em, pedido)
  const respuestaId = pedido.acto === 'borrar' ? await exigirRespuesta(em, pedido) : null
  const row = await sqlOne<{ id: number }>(em, INSERTAR, [
    comentario.id,
    pedido.acto,
    pedido.usuarioId,
    pedido.solicitud,
    texto || null,
    pedido.sobre ?? null,
    ahora,
  ])
  return row && { actoId: row.id, comentario, texto, respuestaId }
}

function exigirTexto({ acto, texto }: Pedido, posts: PublicPosts | undefined): string {
  if (acto !== 'responder' && acto !== 'invitar' && acto !== 'privado') return ''
  const limpio = opcional(texto)
  if (limpio === undefined) throw new ActoRechazado('falta')
  const longest = acto === 'privado' ? posts?.longest.replyPrivately : posts?.longest.reply
  if (longest !== undefined && limpio.length > longest) throw new ActoRechazado('largo')
  return limpio
}

function exigirPlataforma(acto: Acto, { externalId, kind, borradoAt }: Comentario, posts: PublicPosts | undefined) {
  const asked = ES[acto]
  if (!asked && acto !== 'borrar') return
  if (!posts) throw new ActoRechazado('apagado')
  if (!asked) return
  if (borradoAt) throw new ActoRechazado('borrado')
  if (!posts.may(asked, { id: externalId, kind })) throw new ActoRechazado('no_se_puede')
}

async function exigirPrivado(em: EntityManager, { id, publicadoAt }: Comentario, ahora: Date): Promise<void> {
  const days = (ahora.getTime() - publicadoAt.getTime()) / 86_400_000
  if (days > DIAS_PARA_PRIVADO) throw new ActoRechazado('privado_tarde')
  const done = await sqlOne(
    em,
    `select 1 from comentario_acto where comentario_id = $1 and acto = 'privado' and estado in ('en_curso', 'hecho')`,
    [id],
  )
  if (done) throw new ActoRechazado('privado_ya')
}

/** What may already stand there is not said a second time before somebody looked. */
async function exigirSinDuda(em: EntityManager, { comentarioId, aunque }: Pedido): Promise<void> {
  const doubted = await sqlOne(
    em,
    `select 1 from comentario_acto
      where comentario_id = $1 and acto in ('responder', 'invitar') and estado in ('en_curso', 'ambiguo')`,
    [comentarioId],
  )
  if (doubted && !aunque) throw new ActoRechazado('duda')
}

/** Two people must not answer the same person without knowing of each other. */
async function exigirVisto(em: EntityManager, { comentarioId, usuarioId, visto }: Pedido): Promise<void> {
  if (visto === undefined) return
  const newer = await sqlOne(
    em,
    `select 1 from comentario_acto
      where comentario_id = $1 and id > $2 and usuario_id <> $3 and acto in ('responder', 'invitar', 'privado', 'capturar')
        and estado <> 'fallido'`,
    [comentarioId, visto, usuarioId],
  )
  if (newer) throw new ActoRechazado('conflicto')
}

async function exigirRespuesta(em: EntityManager, { comentarioId, sobre }: Pedido): Promise<string> {
  const row = await sqlOne<{ providerId: string }>(
    em,
    `select a.provider_id as "providerId" from comentario_acto a
      where a.id = $2 and a.comentario_id = $1 and a.acto in ('responder', 'invitar') and a.estado = 'hecho'
        and a.provider_id is not null
        and not exists (select from comentario_acto b where b.sobre = a.id and b.acto = 'borrar' and b.estado in ('hecho', 'en_curso'))`,
    [comentarioId, sobre ?? 0],
  )
  if (!row) throw new ActoRechazado('sin_respuesta')
  return row.providerId
}

const COMENTARIO = `
select id, channel, account, external_id as "externalId", kind, post_id as "postId", autor, autor_id as "autorId", texto,
       permalink, post_permalink as "postPermalink", publicado_at as "publicadoAt", borrado_at as "borradoAt",
       address_id as "addressId", peticion_id as "peticionId"
  from comentario where id = $1 and not propio and publicado_at is not null for no key update`

// Whoever made these calls is gone: nobody knows how they ended.
const VENCIDOS = `
update comentario_acto set estado = 'ambiguo'
 where comentario_id = $1 and estado = 'en_curso' and created_at < now() - make_interval(secs => $2)`

const INSERTAR = `
insert into comentario_acto (comentario_id, acto, usuario_id, solicitud, estado, texto, sobre, created_at)
values ($1, $2, $3, $4, 'en_curso', $5, $6, $7) on conflict (solicitud) do nothing returning id`
