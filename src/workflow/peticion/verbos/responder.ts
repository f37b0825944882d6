import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMedia } from '../../../channels/message.ts'
import type { Locale } from '../../../conversation/state.ts'
import { sqlOne } from '../../../runtime/sql.ts'
import type { Actor } from '../../actor.ts'
import { type AvisoDeps, componerRespuesta } from '../../avisos/avisos.ts'
import { nombreDeQuienAtiende } from '../../catalogo/dependencia.ts'
import type { StoreOutbound } from '../../mensajes/store-outbound.ts'
import { abrir, asentar, type Contexto, type Movido } from '../paso.ts'
import { requerido } from '../rechazos.ts'

/** Writes messages to be sent to a citizen, in the transaction of `em`; gives their ids. */
export type EnviarAlCiudadano = StoreOutbound

/** What a reply needs of the outside. */
export interface ContextoDeRespuesta extends Contexto, AvisoDeps {
  enviar: EnviarAlCiudadano
}

/** What was sent; nothing where there is no address, or it blocked us: then it is read on the public page. */
export type Respondido = Movido & { mensajes: number[]; conversationId: number | null }

/** A reply to the citizen, in any state: into their conversation, and onto the petition's page. */
export async function responder(
  em: EntityManager,
  peticionId: number,
  actor: Actor,
  datos: { texto: string; archivo?: OutboundMedia | undefined },
  ctx: ContextoDeRespuesta,
): Promise<Respondido> {
  const conversation = await bloquearConversacion(em, peticionId)
  const conversationId = conversation?.id ?? null
  const paso = await abrir(em, peticionId, actor, 'responder', ctx)
  const texto = requerido(datos.texto, 'texto')
  const { folio, asunto, reservada, dependenciaId } = paso.peticion
  const quien = actor.tipo === 'usuario' ? (actor.dependenciaId ?? null) : (dependenciaId ?? null)
  const dependencia = await nombreDeQuienAtiende(em, quien)
  const { locale } = conversation ?? {}
  const mensaje = componerRespuesta({ folio, asunto, reservada, dependencia, explicacion: texto, locale }, ctx)
  const archivo = datos.archivo && !reservada ? [{ media: datos.archivo }] : []
  const usuarioId = actor.tipo === 'usuario' ? actor.id : undefined
  const mensajes = conversationId ? await ctx.enviar(em, conversationId, [mensaje, ...archivo], { usuarioId }) : []
  const movido = await asentar(em, paso, { notaPublica: texto, datos: { mensajes } })
  return { ...movido, mensajes, conversationId }
}

// Before the petition's lock: a turn of the chat takes the two in this order.
function bloquearConversacion(em: EntityManager, peticionId: number) {
  return sqlOne<{ id: number; locale: Locale }>(
    em,
    `select c.id, c.locale
       from peticion p join address a on a.id = p.address_id join conversation c on c.address_id = a.id
      where p.id = $1 and a.blocked_at is null for no key update of c`,
    [peticionId],
  )
}
