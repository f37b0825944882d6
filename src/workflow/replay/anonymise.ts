import { normalise, wordsOf } from '../../conversation/words.ts'
import { formatFolio } from '../peticion/folio.ts'
import { type PlayedTurn, play, type Stage } from './play.ts'
import type { StoredConversation, StoredMessage } from './stored-conversation.ts'
import type { Vocabulary } from './vocabulary.ts'
import { type Marks, marksOf } from './world.ts'

/** Questions whose answers are who somebody is. */
const WHO = new Set(['nombre', 'contacto'])

/** Words of streets and names that are everybody's. */
const COMMON = new Set(
  wordsOf('calle avenida av privada calzada bulevar numero sin de del la las el los y entre esquina'),
)

const PHONE = '833 000 0001'
const EMAIL = 'persona@ejemplo.mx'

/**
 * A conversation without who held it, as number `number`: of free words only those remain that the settings know, numbers and places
 * are made coarse, and the answers are those the program gives to what remains. Undefined when so little remains that another number
 * of petitions gets a folio.
 */
export async function anonymised(
  stored: StoredConversation,
  stage: Stage,
  vocabulary: Vocabulary,
  number: number,
  marks: Marks = marksOf(stage.settings.mensajes),
): Promise<StoredConversation | undefined> {
  const heard = await play(stage, stored, marks)
  const hidden = new Set((stored.personal ?? []).flatMap((one) => wordsOf(one)).filter((word) => !COMMON.has(word)))
  const turns = stored.turns.map((turn, index) => ({
    ...turn,
    at: toMinute(turn.at),
    messages: turn.messages.map((message) => withoutPerson(message, heard[index], { vocabulary, hidden })),
  }))
  const bare: StoredConversation = { id: String(number), channel: stored.channel, begins: stored.begins, turns }
  const answered = await play(stage, bare, marks)
  const before = stored.turns.reduce((sum, { folios }) => sum + folios, 0)
  const after = answered.reduce((sum, { folios }) => sum + folios, 0)
  if (answered.length < turns.length || before !== after) return undefined
  const held = turns.map((turn, index) => ({
    ...turn,
    replies: answered[index]?.replies ?? [],
    folios: answered[index]?.folios ?? 0,
  }))
  return withoutFolios({ ...bare, turns: held }, stage.settings.municipio.folio.prefijo)
}

interface Hiding {
  vocabulary: Vocabulary
  hidden: ReadonlySet<string>
}

function withoutPerson(
  { kind, text, choice, location, contact, media, sentAt, group }: StoredMessage,
  heard: PlayedTurn | undefined,
  hiding: Hiding,
): StoredMessage {
  return {
    kind,
    externalId: '',
    sentAt: toMinute(sentAt),
    ...(text !== undefined && { text: WHO.has(heard?.step ?? '') ? somebody(text) : plain(text, hiding) }),
    ...(choice && { choice: { id: choice.id } }),
    ...(location && { location: { latitude: coarse(location.latitude), longitude: coarse(location.longitude) } }),
    ...(contact && { contact: { phone: PHONE, own: contact.own } }),
    ...(media && { media: media.map((file) => ({ kind: file.kind, ref: 'archivo' })) }),
    ...(group !== undefined && { group: 'album' }),
  }
}

/** A name, a telephone and an e-mail where there were some; what stands for none of them (OMITIR) is left to be judged as any words. */
function somebody(text: string): string {
  const digits = text.replaceAll(/\D/g, '').length
  if (digits > 0 && digits < 3) return text
  return [
    /\p{L}/u.test(text) && !/^\S+@\S+$/.test(text.trim()) ? 'Persona de Prueba' : '',
    digits >= 7 ? PHONE : '',
    text.includes('@') ? EMAIL : '',
  ]
    .filter((one) => one !== '')
    .join(' ')
}

const KEPT = /^\s*\d{1,2}\s*$|^\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\s*$/
const TOKEN = /[^\s@]+@[^\s@]+|https?:\/\/\S+|[A-Za-z]{2,6}-\d{2}-\d{6,}-\d|\d[\d\s-]{5,}\d|\p{L}+|\d+/gu

/** Each line with only the words that are nobody's. */
export function plain(text: string, { vocabulary, hidden }: Hiding): string {
  if (KEPT.test(text)) return text.trim()
  const name = vocabulary.colonias.find((one) => ` ${normalise(text)} `.includes(` ${one} `))
  const kept = new Set(name === undefined ? [] : name.split(' '))
  return text.replaceAll(TOKEN, (token) => {
    if (token.includes('@')) return EMAIL
    if (token.startsWith('http')) return 'https://ejemplo.mx'
    if (/^[A-Za-z]{2,6}-\d/.test(token)) return token.toUpperCase()
    if (/^\d/.test(token)) return token.replaceAll(/\D/g, '').length >= 7 ? PHONE : '1'
    const [word = ''] = wordsOf(token)
    return kept.has(word) || COMMON.has(word) || (vocabulary.words.has(word) && !hidden.has(word)) ? token : 'algo'
  })
}

/** About a kilometre. */
const coarse = (degrees: number): number => Math.round(degrees * 100) / 100

const toMinute = (at: string): string => (at === '' ? '' : `${at.slice(0, 16)}:00.000Z`)

const FOLIO = /\b[A-Z]{2,6}-\d{2}-\d{6,}-\d\b/g

/** Other folios, the same one each time. */
function withoutFolios(conversation: StoredConversation, prefijo: string): StoredConversation {
  const known = new Map<string, string>()
  const other = (folio: string): string => {
    const given = known.get(folio) ?? formatFolio({ prefijo, anio: 2026, secuencia: known.size + 1 })
    known.set(folio, given)
    return given
  }
  return JSON.parse(JSON.stringify(conversation), (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(FOLIO, other) : value,
  )
}
