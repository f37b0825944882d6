import type { z } from 'zod'
import type { Choice, InboundMessage, MediaRef, Place } from '../message.ts'
import { keepClientPart } from './client-part.ts'
import { accept, refuse } from './direct-line-error.ts'
import { type Identity, named, theStart, WEB_CHAT } from './ids.ts'
import {
  type IncomingActivity,
  incomingActivity,
  LONGEST_TEXT,
  ourChannelData,
  placeEntity,
  pressedValue,
} from './incoming-activity.ts'

/** The event by which a client asks to be greeted; Web Chat's usual name for it. */
const JOIN = 'webchat/join'

/** Whose activity it is, and what the server adds to it. */
export interface Arrival {
  conversationId: string
  /** The user the token was issued to: then every message is theirs, whatever it says. */
  userId: string | undefined
  /** What the message is called when its client gave it no name. */
  fallbackName: string
  media: MediaRef[]
  now: Date
}

/** What became of a posted activity: the id to answer, and the message to store unless there is nothing to. */
export interface Received {
  id: string
  message?: InboundMessage
}

/**
 * A Direct Line activity as a neutral message. Typing, and events other than a client's joining, are accepted and leave no row.
 * @throws {HttpProblem} 400 for what is no activity or says nothing, 413 for a text that is too long.
 */
export function fromDirectLine(body: unknown, arrival: Arrival): Received {
  const activity = accept(incomingActivity, body)
  const { clientActivityID, choice, location } = accept(ourChannelData, activity.channelData ?? {})
  const identity = named(arrival.conversationId, clientActivityID ?? arrival.fallbackName)
  if (activity.type === 'message')
    return received(activity, arrival, identity, contentOf(activity, choice, location, arrival.media))
  if (activity.type === 'event' && activity.name === JOIN)
    return received(activity, arrival, theStart(arrival.conversationId), { kind: 'start' })
  return { id: identity.activityId }
}

function received(activity: IncomingActivity, arrival: Arrival, identity: Identity, content: Content): Received {
  const message: InboundMessage = {
    ...WEB_CHAT,
    externalId: identity.externalId,
    from: senderOf(arrival.conversationId, activity.from?.name, activity.locale),
    ...content,
    ...(activity.replyToId !== undefined && { replyTo: activity.replyToId }),
    sentAt: arrival.now,
    providerId: identity.activityId,
    channelData: keepClientPart(activity, arrival.userId),
  }
  return { id: identity.activityId, message }
}

/** A conversation that its client opened for a known user: the bot speaks first. */
export function startOf(conversationId: string, locale: string | undefined, now: Date): InboundMessage {
  return {
    ...WEB_CHAT,
    externalId: theStart(conversationId).externalId,
    from: senderOf(conversationId, undefined, locale),
    kind: 'start',
    sentAt: now,
  }
}

const senderOf = (address: string, name: string | undefined, language: string | undefined) => ({
  address,
  ...(name && { name }),
  ...(language && { language }),
})

type Pressed = z.output<typeof pressedValue>
type Where = z.output<typeof placeEntity>
type Content = Pick<InboundMessage, 'kind' | 'text' | 'choice' | 'media' | 'location'>

function contentOf(
  activity: IncomingActivity,
  choice: Pressed | undefined,
  location: Where | undefined,
  media: MediaRef[],
): Content {
  if (activity.attachments?.length && media.length === 0)
    throw refuse('BadArgument', "Files come by the conversation's upload address; links to files are not followed.")
  const text = activity.text ?? ''
  if (text.length > LONGEST_TEXT) throw refuse('MessageSizeTooBig', `A message has at most ${LONGEST_TEXT} characters.`)
  const said = text.trim() === '' ? {} : { text }
  const pressed = choice ?? pressedValue.safeParse(activity.value).data
  const where = location ?? firstPlace(activity.entities)
  if (media[0]) return { kind: media[0].kind, ...said, media }
  if (pressed) return { kind: 'choice', ...said, choice: toChoice(pressed, text) }
  if (where) return { kind: 'location', ...said, location: toPlace(where) }
  if (said.text) return { kind: 'text', text }
  if (activity.value !== undefined) return { kind: 'unsupported' }
  throw refuse('BadArgument', 'The activity says nothing: no text, press, place or file.')
}

function firstPlace(entities: unknown[] = []): Where | undefined {
  return entities.map((entity) => placeEntity.safeParse(entity).data).find((place) => place !== undefined)
}

function toChoice(pressed: Pressed, text: string): Choice {
  const label = pressed.label ?? text.trim()
  return { id: pressed.id, ...(label !== '' && { label: label.slice(0, 200) }) }
}

function toPlace({ latitude, longitude, name, address }: Where): Place {
  return { latitude, longitude, ...(name && { name }), ...(address && { address }) }
}
