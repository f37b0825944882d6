import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  APP_SECRET,
  INSTAGRAM_ID,
  PAGE_ID,
  PHONE_ID,
  signature,
  TOKEN,
  VERIFY_TOKEN,
} from '../channels/meta/context.ts'
import type { FakeGraph } from '../fakes/graph-server.ts'
import { type Heard, type Line, plain } from './citizen.ts'
import { insist } from './insist.ts'

/** Meta's channels, each with its own way of wrapping what a person does. */
export type MetaChannel = 'messenger' | 'instagram' | 'whatsapp-cloud'

/** Something that can be pressed, as it was sent to the person. */
interface Pressable {
  title: string
  payload: string
  isRow?: boolean
}

/** How one of Meta's channels wraps what a person does, and shows what they are sent. */
interface Wire {
  name: string
  /** Beside the application's own. */
  env: Record<string, string>
  text(text: string): object
  photo(address: string, id: string): object
  pressed(pressed: Pressable): object
  wrap(event: object): object
  /** Of a call of the Graph API, what the person sees; undefined when it shows them nothing. */
  shown(body: unknown): { text: string; pressable: Pressable[] } | undefined
}

const secondsNow = () => String(Math.floor(Date.now() / 1000))

/** Messenger shows the person their own number below a question for it. */
const OWN_NUMBER = 'su número de teléfono'
const quickReplies = z
  .array(z.object({ title: z.string().default(OWN_NUMBER), payload: z.string().default('') }))
  .default([])
const said = z.object({
  recipient: z.object({ id: z.string() }),
  message: z.object({ text: z.string().default(''), quick_replies: quickReplies }),
})

const messaging = (
  object: 'page' | 'instagram',
  id: string,
  person: string,
): Pick<Wire, 'text' | 'photo' | 'pressed' | 'wrap' | 'shown'> => ({
  text: (text) => ({ text }),
  photo: (url) => ({ attachments: [{ type: 'image', payload: { url } }] }),
  pressed: ({ title, payload }) => ({ text: title, quick_reply: { payload } }),
  wrap(message) {
    const event = { sender: { id: person }, recipient: { id }, timestamp: Date.now() }
    const messaging = [{ ...event, message: { mid: `m_${randomUUID()}`, ...message } }]
    return { object, entry: [{ id, time: Date.now(), messaging }] }
  },
  shown(body) {
    const { recipient, message } = said.safeParse(body).data ?? {}
    if (recipient?.id !== person) return undefined
    return message && { text: message.text, pressable: message.quick_replies }
  },
})

const button = z.object({ reply: z.object({ id: z.string(), title: z.string() }) })
const row = z.object({ id: z.string(), title: z.string() })
const action = z.object({
  buttons: z.array(button).default([]),
  sections: z.array(z.object({ rows: z.array(row) })).default([]),
})
const cloudSaid = z.object({
  text: z.object({ body: z.string() }).optional(),
  interactive: z.object({ type: z.string(), body: z.object({ text: z.string() }), action }).optional(),
})

const PERSON = '5218330000009'

const cloud: Wire = {
  name: 'WhatsApp (Cloud API)',
  env: { WHATSAPP_CLOUD_PHONE_ID: PHONE_ID, WHATSAPP_CLOUD_TOKEN: TOKEN },
  text: (body) => ({ type: 'text', text: { body } }),
  photo: (_address, id) => ({ type: 'image', image: { id, mime_type: 'image/jpeg' } }),
  pressed: ({ title, payload: id, isRow }) => {
    const type = isRow ? 'list_reply' : 'button_reply'
    return { type: 'interactive', interactive: { type, [type]: { id, title } } }
  },
  wrap(message) {
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '528330000001', phone_number_id: PHONE_ID },
      contacts: [{ profile: { name: 'Vecina' }, wa_id: PERSON, user_id: 'MX.13491208655302741918' }],
      messages: [{ from: PERSON, id: `wamid.${randomUUID()}`, timestamp: secondsNow(), ...message }],
    }
    const changes = [{ field: 'messages', value }]
    return { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] }
  },
  shown(body) {
    const { text, interactive } = cloudSaid.safeParse(body).data ?? {}
    if (text) return { text: text.body, pressable: [] }
    if (!interactive) return undefined
    const { buttons, sections } = interactive.action
    const asks = interactive.type === 'location_request_message' ? [{ title: 'Enviar ubicación', payload: '' }] : []
    return {
      text: interactive.body.text,
      pressable: [
        ...buttons.map(({ reply: { id, title } }) => ({ title, payload: id })),
        ...sections.flatMap(({ rows }) => rows.map(({ id, title }) => ({ title, payload: id, isRow: true }))),
        ...asks,
      ],
    }
  },
}

const WIRES: Record<MetaChannel, Wire> = {
  messenger: {
    name: 'Messenger',
    env: { MESSENGER_PAGE_ID: PAGE_ID, MESSENGER_PAGE_TOKEN: TOKEN },
    ...messaging('page', PAGE_ID, '7654321098765432'),
  },
  instagram: {
    name: 'Instagram',
    env: { INSTAGRAM_ACCOUNT_ID: INSTAGRAM_ID, MESSENGER_PAGE_TOKEN: TOKEN },
    ...messaging('instagram', INSTAGRAM_ID, '1254477777772919'),
  },
  'whatsapp-cloud': cloud,
}

/** What the program needs to know of a channel of Meta's. */
export const metaEnv = (channel: MetaChannel, graph: FakeGraph): Record<string, string> => ({
  META_APP_SECRET: APP_SECRET,
  META_VERIFY_TOKEN: VERIFY_TOKEN,
  META_GRAPH_URL: graph.url,
  ...WIRES[channel].env,
})

/** A citizen on a channel of Meta's: signed webhooks bring what they do, calls of the Graph API what they are told. */
export function openMetaLine(channel: MetaChannel, url: string, graph: FakeGraph): Line {
  const wire = WIRES[channel]
  const shown = () =>
    graph.calls.filter(({ path }) => path.endsWith('/messages')).flatMap(({ body }) => wire.shown(body) ?? [])
  const deliver = async (event: object) => {
    const body = JSON.stringify(wire.wrap(event))
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature(body) }
    const response = await insist(() => fetch(`${url}/webhooks/meta`, { method: 'POST', body, headers }))
    if (response.status !== 200) throw new Error(`the webhook answered ${response.status}`)
  }
  return {
    channel: wire.name,
    write: (text) => deliver(wire.text(text)),
    press(label) {
      const found = shown()
        .flatMap(({ pressable }) => pressable)
        .findLast(({ title }) => plain(title) === label)
      if (!found) throw new Error(`there is no button ${label}`)
      return deliver(wire.pressed(found))
    },
    photo(bytes) {
      const address = graph.keepFile(bytes, 'image/jpeg')
      const id = '1013859600285441'
      graph.serve(id, { url: address, mime_type: 'image/jpeg', id, messaging_product: 'whatsapp' })
      return deliver(wire.photo(address, id))
    },
    received: () =>
      shown().map(({ text, pressable }): Heard => ({ text, buttons: pressable.map(({ title }) => title) })),
    close: async () => undefined,
  }
}
