import type { EntityManager } from '@mikro-orm/postgresql'
import type { AnyChannel } from '../../channels/channel.ts'
import type { PublicOutcome, PublicPosts, PublicRef } from '../../channels/public-post.ts'
import { SendError } from '../../channels/send-error.ts'
import type { Database } from '../../runtime/database.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { type Abierto, abrirActo, bloquearComentario, type Pedido } from './abrir-acto.ts'
import { type Acto, ActoRechazado, type Comentario, PLAZO_DE_LLAMADA } from './acto.ts'
import { cerrarActo, type Final } from './cerrar-acto.ts'

/** What the verbs need of the outside. */
export interface RedesDeps {
  database: Database
  channelOf(name: string, account: string): AnyChannel | undefined
  now(): Date
}

/** Milliseconds that one call may take; who pressed the button waits. */
const LLAMADA = 12_000

/**
 * Does one act: guarded and written down, called, and how it ended written down. `anotar` writes the audit in the first
 * transaction. `repetido` when this form was posted before: nothing was done.
 * @throws {ActoRechazado} when it may not be done
 */
export async function hacerActo(
  { database, channelOf, now }: RedesDeps,
  pedido: Pedido,
  anotar: (em: EntityManager) => Promise<void>,
): Promise<Final | { estado: 'repetido' }> {
  const lugar = await lugarDe(database.fork(), pedido.comentarioId)
  const posts = channelOf(lugar.channel, lugar.account)?.publicPosts
  const abierto = await database.fork().transactional(async (em) => {
    const one = await abrirActo(em, pedido, posts, now())
    if (one) await anotar(em)
    return one
  })
  if (!abierto) return { estado: 'repetido' }
  const final = await llamar(pedido.acto, abierto, posts)
  await database.fork().transactional((em) => cerrarActo(em, pedido, abierto, final, now()))
  return final
}

async function lugarDe(em: EntityManager, id: number): Promise<Pick<Comentario, 'channel' | 'account'>> {
  const lugar = await sqlOne<Pick<Comentario, 'channel' | 'account'>>(
    em,
    'select channel, account from comentario where id = $1',
    [id],
  )
  if (!lugar) throw new ActoRechazado('no_existe')
  return lugar
}

/** What a verb calls; those that are not here change rows alone. */
type Llamada = (
  posts: PublicPosts,
  ref: PublicRef,
  abierto: Abierto,
  signal: AbortSignal,
) => Promise<PublicOutcome<true | { id?: string; providerId?: string | undefined; address?: string | undefined }>>

const publico: Llamada = (posts, ref, { texto }, signal) => posts.reply(ref, texto, signal)

const LLAMADAS: Partial<Record<Acto, Llamada>> = {
  responder: publico,
  invitar: publico,
  privado: (posts, ref, { texto }, signal) => posts.replyPrivately(ref, texto, signal),
  ocultar: (posts, ref, _abierto, signal) => posts.setHidden(ref, true, signal),
  mostrar: (posts, ref, _abierto, signal) => posts.setHidden(ref, false, signal),
  borrar: (posts, _ref, { respuestaId }, signal) => posts.deleteReply(respuestaId ?? '', signal),
}

/** @throws nothing but what is a fault of ours; the row then says after a minute that nobody knows. */
async function llamar(acto: Acto, abierto: Abierto, posts: PublicPosts | undefined): Promise<Final> {
  const llamada = LLAMADAS[acto]
  if (!llamada || !posts) return { estado: 'hecho' }
  try {
    const outcome = await llamada(posts, refDe(abierto.comentario), abierto, AbortSignal.timeout(LLAMADA))
    if ('done' in outcome) return hecho(outcome.done)
    // What was to be deleted is not there any more: that is what was wanted.
    if (acto === 'borrar' && outcome.refused === 'gone') return { estado: 'hecho' }
    return { estado: 'fallido', error: outcome.refused }
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    return { estado: error.outcomeUnknown ? 'ambiguo' : 'fallido', error: error.code }
  }
}

function hecho(done: true | { id?: string; providerId?: string | undefined; address?: string | undefined }): Final {
  if (done === true) return { estado: 'hecho' }
  return { estado: 'hecho', providerId: done.id ?? done.providerId, address: done.address }
}

const refDe = ({ externalId: id, kind, postId }: Comentario): PublicRef => ({
  id,
  kind,
  ...(postId !== null && { threadId: postId }),
})

/** What looking for an answer came to. */
export type Comprobado = 'salio' | 'no_salio' | 'espere' | 'no_se_puede'

/** Looks at the platform whether an answer went of which nobody knows. @throws {ActoRechazado} when there is none such */
export async function comprobarRespuesta(
  { database, channelOf, now }: RedesDeps,
  comentarioId: number,
  actoId: number,
): Promise<Comprobado> {
  const { comentario, acto } = await database.fork().transactional(async (em) => ({
    comentario: await bloquearComentario(em, comentarioId),
    acto: await sqlOne<Dudoso>(em, DUDOSO, [comentarioId, actoId, PLAZO_DE_LLAMADA]),
  }))
  if (!acto) throw new ActoRechazado('sin_respuesta')
  const posts = channelOf(comentario.channel, comentario.account)?.publicPosts
  if (!posts) throw new ActoRechazado('apagado')
  const found = await buscar(posts, comentario, acto)
  if (found === 'no_se_puede') return found
  if (found === undefined && acto.reciente) return 'espere'
  await sql(database.fork(), COMPROBADO, [
    actoId,
    found ? 'hecho' : 'fallido',
    found ?? null,
    found ? null : 'no_salio',
    now(),
  ])
  return found ? 'salio' : 'no_salio'
}

interface Dudoso {
  texto: string
  /** Platform ids of the other answers: one of them may say the same. */
  otras: string[]
  reciente: boolean
}

async function buscar(
  posts: PublicPosts,
  comentario: Comentario,
  { texto, otras }: Dudoso,
): Promise<string | undefined | 'no_se_puede'> {
  try {
    const outcome = await posts.ownReplies(refDe(comentario), AbortSignal.timeout(LLAMADA))
    if (!('done' in outcome)) return 'no_se_puede'
    return outcome.done.find(({ id, text }) => text.trim() === texto && !otras.includes(id))?.id
  } catch (error) {
    if (error instanceof SendError) return 'no_se_puede'
    throw error
  }
}

// Meta may show an answer a moment late.
const DUDOSO = `
select texto, created_at > now() - interval '2 minutes' as reciente,
       array(select o.provider_id from comentario_acto o
              where o.comentario_id = $1 and o.id <> $2 and o.provider_id is not null) as otras
  from comentario_acto
 where comentario_id = $1 and id = $2 and acto in ('responder', 'invitar') and texto is not null
   and (estado = 'ambiguo' or (estado = 'en_curso' and created_at < now() - make_interval(secs => $3)))`

const COMPROBADO = `
update comentario_acto set estado = $2, provider_id = coalesce($3, provider_id), error = $4, done_at = $5
 where id = $1 and estado in ('ambiguo', 'en_curso')`
