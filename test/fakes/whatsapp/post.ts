import { type BinaryNode, getBinaryNodeChild, type proto } from '@whiskeysockets/baileys'
import type { People } from './people.ts'
import { bytesOf } from './queries.ts'
import type { Bundle } from './telephone.ts'

/** How a message is told to the gateway, beside its content. */
export interface Manner {
  id?: string
  /** Seconds since 1970. */
  at?: number
  /** Addressed by telephone number instead of LID. */
  byNumber?: boolean
  name?: string
  /** The ciphertext is spoiled on its way, so often. */
  spoiled?: number
  /** Other attributes of the stanza; they go over those there would be. */
  attrs?: Record<string, string>
}

/** A message on its way, until the gateway says that it has it. */
export interface Queued {
  id: string
  user: string
  content: proto.IMessage
  node: BinaryNode
  manner: Manner
}

/** The messages to the gateway. */
export interface Post {
  /** What the gateway has not yet acknowledged, in order. */
  waiting(): Queued[]
  /** Encrypts a message, and sends it to every connection there is; gives its id. */
  send(user: string, content: proto.IMessage, manner: Manner, from?: string): Promise<string>
  /** The gateway has it. */
  drop(id: string): void
  /** The gateway could not decrypt: the telephone begins a new session and sends the same message again. */
  repeat(id: string, receipt: BinaryNode): Promise<void>
  /** What was said under an id, also when it has long arrived. */
  said(id: string): Queued | undefined
}

/** Encrypts with the keys of `self`, the gateway's LID, as `bundle` has them. */
export function createPost(
  people: People,
  self: string,
  bundle: () => Bundle | undefined,
  sendAll: (node: BinaryNode) => void,
): Post {
  let queue: Queued[] = []
  const history = new Map<string, Queued>()
  let number = 0
  const drop = (id: string) => {
    queue = queue.filter((one) => one.id !== id)
  }
  const send: Post['send'] = async (user, content, manner, from = `${user}@lid`) => {
    const keys = bundle()
    if (!keys) throw new Error('the gateway is not paired')
    const id = manner.id ?? `A${String(++number).padStart(6, '0')}`
    const { type, ciphertext } = await people.phoneOf(from).encrypt(self, keys, content)
    const spoiled = (manner.spoiled ?? 0) > 0
    const body = spoiled ? Buffer.from(ciphertext).fill(0, ciphertext.length - 8) : ciphertext
    const node: BinaryNode = {
      tag: 'message',
      attrs: {
        from: manner.byNumber ? `521833${user.replace(/^7/, '0')}@s.whatsapp.net` : from,
        id,
        t: String(manner.at ?? Math.floor(Date.now() / 1000)),
        type: 'text',
        ...(manner.name && { notify: manner.name }),
        ...(manner.byNumber ? { sender_lid: `${user}@lid` } : {}),
        ...manner.attrs,
      },
      content: [{ tag: 'enc', attrs: { v: '2', type }, content: body }],
    }
    const queued = { id, user, content, node, manner }
    drop(id)
    queue.push(queued)
    history.set(id, queued)
    sendAll(node)
    return id
  }
  return {
    waiting: () => queue,
    send,
    drop,
    said: (id) => history.get(id),
    async repeat(id, receipt) {
      const found = queue.find((one) => one.id === id)
      const keys = bundle()
      if (!found || !keys) return
      const key = getBinaryNodeChild(getBinaryNodeChild(receipt, 'keys'), 'key')
      const keyId = bytesOf(key, 'id')
      if (key && keyId.length > 0) keys.preKeys.set(keyId.readUIntBE(0, keyId.length), bytesOf(key, 'value'))
      await people.phoneOf(found.user).forget(self)
      const { attrs } = found.node
      await send(found.user, found.content, { id, attrs, spoiled: (found.manner.spoiled ?? 0) - 1 })
    },
  }
}
