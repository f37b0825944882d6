import { z } from 'zod'
import type { Choice, InboundMessage, MediaKind, MediaRef, Place } from '../message.ts'
import { placeEntity, pressedValue } from '../web-chat/incoming-activity.ts'
import type { Incoming, IncomingAttachment } from './activity.ts'
import { mediaRef } from './media-ref.ts'

/** What an activity says, apart from who said it and when. */
export type Content = Pick<InboundMessage, 'kind' | 'text' | 'choice' | 'media' | 'location'>

type Reader = (activity: Incoming, text: string | undefined) => Content | undefined

/** In this order: a file has words, a press its label, a place its name. */
const READERS: Reader[] = [readFiles, readPress, readPlace, readText]

/** The content of a message; `unsupported` for what we do not read (a card, a form, a kind of the future…). */
export function contentOf(activity: Incoming): Content {
  const text = textOf(activity)
  for (const read of READERS) {
    const content = read(activity, text)
    if (content) return content
  }
  return { kind: 'unsupported' }
}

/** Slack and Teams write the bot's own name before what is said to it. */
const MENTION = /<at\b[^>]*>[^<]*<\/at>/g

function textOf({ text = '', recipient }: Incoming): string | undefined {
  const said = recipient ? text.replace(MENTION, '').trim() : text.trim()
  return said === '' ? undefined : said
}

const words = (text: string | undefined) => (text === undefined ? {} : { text })

function readFiles({ attachments = [], serviceUrl }: Incoming, text: string | undefined): Content | undefined {
  const media = attachments.flatMap((file) => (file ? fileOf(file, serviceUrl) : []))
  const [first] = media
  return first && { kind: first.kind, ...words(text), media }
}

/** A file that was sent "as a file" in Teams: its address needs no token (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4). */
const TEAMS_FILE = 'application/vnd.microsoft.teams.file.download.info'
const teamsFile = z.object({ downloadUrl: z.url({ protocol: /^https$/ }), fileType: z.string().max(20).optional() })

/** The text once more with its markup, what it answers, and cards: they are no files. */
const NO_FILE =
  /^(text\/html|messageReference|application\/vnd\.microsoft\.(card|teams\.card|keyboard)\b.*|application\/json)/i

function fileOf(file: IncomingAttachment, serviceUrl: string): MediaRef[] {
  const type = file.contentType.toLowerCase()
  if (type === TEAMS_FILE) {
    const { data } = teamsFile.safeParse(file.content)
    return data ? [described(file, 'document', mediaRef(data.downloadUrl, serviceUrl))] : []
  }
  const address = file.contentUrl
  if (address === undefined || NO_FILE.test(type)) return []
  return [described(file, kindOf(type), mediaRef(address, serviceUrl))]
}

function described({ contentType, name }: IncomingAttachment, kind: MediaKind, ref: string): MediaRef {
  const mime = /^[a-z]+\/[a-z0-9][\w.+-]*$/i.test(contentType) && contentType !== TEAMS_FILE ? contentType : undefined
  return { kind, ref, ...(mime && { mime }), ...(name && { fileName: name }) }
}

/** Some channels say only `image`, Teams says `image/*`; ingestion looks at the bytes. */
function kindOf(type: string): MediaKind {
  if (type.startsWith('image') && !type.includes('svg')) return 'image'
  if (type.startsWith('audio')) return 'audio'
  return type.startsWith('video') ? 'video' : 'document'
}

const quiet = z.object({ postBack: z.literal(true) })

/** A press of ours brings the option as its value; a `postBack` of a text brings it as a text nobody sees. */
function readPress({ value, channelData }: Incoming, text: string | undefined): Content | undefined {
  const pressed = pressedValue.safeParse(value).data
  if (pressed) return { kind: 'choice', ...words(text), choice: choiceOf(pressed, text) }
  const posted = quiet.safeParse(channelData).success ? pressedValue.safeParse(text).data : undefined
  return posted && { kind: 'choice', choice: { id: posted.id } }
}

function choiceOf(pressed: { id: string; label?: string | undefined }, text: string | undefined): Choice {
  const label = (pressed.label ?? text)?.replace(/^\d+\. /, '').slice(0, 200)
  return { id: pressed.id, ...(label && { label }) }
}

function readPlace({ entities = [] }: Incoming, text: string | undefined): Content | undefined {
  const where = entities.map((entity) => placeEntity.safeParse(entity).data).find((place) => place !== undefined)
  return where && { kind: 'location', ...words(text), location: placeOf(where) }
}

function placeOf({ latitude, longitude, name, address }: z.output<typeof placeEntity>): Place {
  return { latitude, longitude, ...(name && { name }), ...(address && { address }) }
}

/** What Telegram's own button says, when Telegram is connected by way of Azure. */
const START = /^\/start(?:\s|$)/

function readText(_activity: Incoming, text: string | undefined): Content | undefined {
  if (text === undefined) return undefined
  return START.test(text) ? { kind: 'start' } : { kind: 'text', text }
}
