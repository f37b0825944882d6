import type { AddressInfo } from 'node:net'
import { setTimeout as latency } from 'node:timers/promises'
import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  jidDecode,
  type proto,
} from '@whiskeysockets/baileys'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Bundle, createPhone, type Phone } from './whatsapp-server-citizen.ts'
import { createNoise, type Noise } from './whatsapp-server-noise.ts'
import { pairSuccess } from './whatsapp-server-pairing.ts'
import { answer, bytesOf, pairingCodeRequest } from './whatsapp-server-queries.ts'

/** The number that the gateway links itself to. */
export const SELF = { jid: '5218330000001:7@s.whatsapp.net', lid: '70000001:7@lid' }

/** What the gateway sent to somebody, as their telephone decrypted it. */
export interface Heard {
  id: string
  to: string
  message: proto.Message
}

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
  /** Other attributes of the stanza. */
  attrs?: Record<string, string>
}

/** A WhatsApp of one number, over a real WebSocket with the real encryption; people's telephones are in it. */
export interface FakeWhatsapp {
  /** For `WHATSAPP_WS_URL`. */
  url: string
  /** Ids of messages whose receipt the gateway sent, and those it refused, with the code. */
  receipted: Set<string>
  refused: Map<string, string>
  heard: Heard[]
  /** Addresses that saw "writing…". */
  composing: string[]
  /** Jids that asked to be paired by a code. */
  codeRequests: string[]
  /** Sockets that are past their handshake now, and the most that were at once. */
  readonly connected: number
  mostConnected: number
  logins: number
  refusedLogins: number
  /** The telephone scans the QR. */
  scan(qr: string): void
  /** Somebody (their LID's user part) writes; resolves to the message's id once it is queued. */
  says(user: string, message: proto.IMessage | string, manner?: Manner): Promise<string>
  /** The owner of the number answers on the telephone. */
  ownerSays(user: string, text: string): Promise<string>
  /** A telephone tells that it got, or read, a message of the gateway. */
  receipt(id: string, user: string, type?: 'read'): void
  /** Ends connections as WhatsApp does: a stream error by its code, or `conflict`. */
  end(code: number | 'conflict'): void
  /** The next logins fail with this code; undefined lets them in. */
  refuseLogins(code: number | undefined): void
  /** Receipts are counted and lost: what they were for is kept, and `again` delivers it once more, byte for byte. */
  losesReceipts: boolean
  again(): void
  /** Cuts the network. */
  cut(): void
  /** From now on nothing is answered, though the connection stands. */
  deaf(on: boolean): void
  /** What is said to the gateway's messages: an acknowledgement, an error by its code, or nothing. */
  acknowledge: 'yes' | 'no' | string
  close(): Promise<void>
}

/** Milliseconds from the client to us. */
const NETWORK = 15

interface Queued {
  id: string
  user: string
  content: proto.IMessage
  node: BinaryNode
}

interface Session {
  socket: WebSocket
  noise: Noise
  open: boolean
}

/** Starts the server on a free port, or on the one given. */
export async function createWhatsappServer(port = 0): Promise<FakeWhatsapp> {
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const phones = new Map<string, Phone>()
  const sessions = new Set<Session>()
  let queue: Queued[] = []
  let bundle: Bundle | undefined
  let paired = false
  let refusing: number | undefined
  let isDeaf = false
  let number = 0

  const userOf = (jid: string) => {
    const user = jidDecode(jid)?.user ?? jid
    return user.startsWith('521833') ? user.slice(6).replace(/^0/, '7') : user
  }
  const lidOf = (jid: string) => `${userOf(jid)}@lid`
  const phoneOf = (jid: string) => {
    const phone = phones.get(userOf(jid)) ?? createPhone(lidOf(jid))
    phones.set(userOf(jid), phone)
    return phone
  }
  const send = (session: Session, node: BinaryNode) => {
    if (!isDeaf && session.socket.readyState === session.socket.OPEN) session.socket.send(session.noise.encode(node))
  }
  const sendAll = (node: BinaryNode) => {
    for (const session of sessions) if (session.open) send(session, node)
  }
  const dropQueued = (id: string) => {
    queue = queue.filter((one) => one.id !== id)
  }

  const welcome = (session: Session) => {
    session.open = true
    fake.logins += 1
    fake.mostConnected = Math.max(fake.mostConnected, fake.connected)
    send(session, { tag: 'success', attrs: { t: String(Math.floor(Date.now() / 1000)), lid: SELF.lid } })
    for (const { node } of queue) send(session, { ...node, attrs: { ...node.attrs, offline: '1' } })
    const offline = { tag: 'offline', attrs: { count: String(queue.length) } }
    send(session, { tag: 'ib', attrs: {}, content: [offline] })
  }

  const enter = (session: Session, payload: proto.ClientPayload) => {
    if (refusing) {
      fake.refusedLogins += 1
      send(session, { tag: 'failure', attrs: { reason: String(refusing) } })
      return session.socket.close()
    }
    const { devicePairingData: device } = payload
    if (!device) {
      if (paired) return welcome(session)
      send(session, { tag: 'failure', attrs: { reason: '401' } })
      return session.socket.close()
    }
    bundle = bundleOf(device)
    const refs = ['one', 'two'].map((ref) => ({ tag: 'ref', attrs: {}, content: Buffer.from(ref) }))
    const content = [{ tag: 'pair-device', attrs: {}, content: refs }]
    send(session, { tag: 'iq', attrs: { from: 's.whatsapp.net', id: 'p', type: 'set' }, content })
  }

  const hear = async (session: Session, node: BinaryNode) => {
    const { id = '', to = '' } = node.attrs
    for (const each of getBinaryNodeChildren(getBinaryNodeChild(node, 'participants'), 'to')) {
      const enc = getBinaryNodeChild(each, 'enc')
      const jid = each.attrs.jid ?? ''
      if (!(enc?.content instanceof Uint8Array) || userOf(jid) === userOf(SELF.lid)) continue
      const message = await phoneOf(jid).decrypt(SELF.lid, enc.attrs.type ?? '', enc.content)
      fake.heard.push({ id, to, message })
    }
    if (fake.acknowledge === 'no') return
    const error = fake.acknowledge === 'yes' ? {} : { error: fake.acknowledge }
    send(session, { tag: 'ack', attrs: { class: 'message', id, from: to, t: '1700000000', ...error } })
  }

  /** The gateway could not decrypt: the telephone begins a new session and sends the same message again. */
  const repeat = async (id: string, receipt: BinaryNode) => {
    const found = queue.find((one) => one.id === id)
    if (!found) return
    const keys = getBinaryNodeChild(receipt, 'keys')
    const key = getBinaryNodeChild(keys, 'key')
    const keyId = bytesOf(key, 'id')
    if (key && keyId.length > 0) bundle?.preKeys.set(keyId.readUIntBE(0, keyId.length), bytesOf(key, 'value'))
    await phoneOf(found.user).forget(SELF.lid)
    await enqueue(found.user, found.content, { id, attrs: found.node.attrs })
  }

  const handle = async (session: Session, node: BinaryNode) => {
    const { to = '' } = node.attrs
    if (node.tag === 'iq') return reply(session, node)
    if (node.tag === 'message') return hear(session, node)
    if (node.tag === 'receipt') return noteReceipt(session, node)
    if (node.tag === 'ack') return noteRefusal(node)
    if (to) fake.composing.push(to)
  }

  const reply = (session: Session, node: BinaryNode) => {
    const asked = pairingCodeRequest(node)
    if (asked) fake.codeRequests.push(asked)
    if (node.attrs.id === 'pair') return send(session, { tag: 'stream:error', attrs: { code: '515' } })
    if (node.attrs.type !== 'result') send(session, answer(node, { phoneOf, lidOf, bundle }))
  }

  const noteReceipt = async (session: Session, node: BinaryNode) => {
    const { id = '', type, to = '' } = node.attrs
    if (type === 'retry') await repeat(id, node)
    else {
      fake.receipted.add(id)
      if (!fake.losesReceipts) dropQueued(id)
    }
    send(session, { tag: 'ack', attrs: { class: 'receipt', id, from: to } })
  }

  const noteRefusal = ({ attrs: { id = '', error, class: of } }: BinaryNode) => {
    if (of !== 'message' || !error) return
    fake.refused.set(id, error)
    // A refusal for want of the key is not the last word: the message comes again.
    if (error !== '500') dropQueued(id)
  }

  const enqueue = async (
    user: string,
    content: proto.IMessage,
    manner: Manner,
    from = `${user}@lid`,
  ): Promise<string> => {
    if (!bundle) throw new Error('the gateway is not paired')
    const id = manner.id ?? `A${String(++number).padStart(6, '0')}`
    const { type, ciphertext } = await phoneOf(from).encrypt(SELF.lid, bundle, content)
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
    dropQueued(id)
    queue.push({ id, user, content, node })
    sendAll(node)
    return id
  }

  server.on('connection', (socket) => {
    const session: Session = { socket, noise: createNoise(), open: false }
    sessions.add(session)
    let step = 0
    let work = Promise.resolve()
    const take = async (frame: Buffer) => {
      step += 1
      if (step === 1) return socket.send(session.noise.hello(frame))
      if (step === 2) {
        const payload = session.noise.finish(frame)
        // Baileys loses what comes before it is done with its own side of the handshake, which no real network is fast enough for.
        await latency(NETWORK)
        return enter(session, payload)
      }
      if (!isDeaf) await handle(session, await session.noise.decode(frame))
    }
    socket.on('message', (data: Buffer) => {
      for (const frame of session.noise.frames(data))
        work = work.then(() => take(frame)).catch((error) => void failures.push(error))
    })
    socket.on('close', () => sessions.delete(session))
  })
  const failures: unknown[] = []

  const fake: FakeWhatsapp = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/chat`,
    receipted: new Set(),
    refused: new Map(),
    heard: [],
    composing: [],
    codeRequests: [],
    get connected() {
      return [...sessions].filter(({ open, socket }) => open && socket.readyState === socket.OPEN).length
    },
    mostConnected: 0,
    logins: 0,
    refusedLogins: 0,
    acknowledge: 'yes',
    scan(qr) {
      paired = true
      for (const session of sessions) send(session, pairSuccess(qr, SELF.jid, SELF.lid))
    },
    says: (user, message, manner = {}) =>
      enqueue(user, typeof message === 'string' ? { conversation: message } : message, manner),
    ownerSays(user, text) {
      const destinationJid = `${user}@lid`
      const content = { deviceSentMessage: { destinationJid, message: { conversation: text } } }
      return enqueue(user, content, { attrs: { recipient: destinationJid } }, '70000001@lid')
    },
    receipt(id, user, type) {
      sendAll({ tag: 'receipt', attrs: { id, from: `${user}@lid`, t: '1700000000', ...(type && { type }) } })
    },
    end(code) {
      const content = code === 'conflict' ? [{ tag: 'conflict', attrs: { type: 'replaced' } }] : []
      sendAll({ tag: 'stream:error', attrs: code === 'conflict' ? {} : { code: String(code) }, content })
    },
    refuseLogins(code) {
      refusing = code
    },
    losesReceipts: false,
    again() {
      for (const { node } of queue) sendAll(node)
    },
    cut() {
      for (const { socket } of sessions) socket.terminate()
    },
    deaf(on) {
      isDeaf = on
    },
    async close() {
      for (const { socket } of sessions) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
      if (failures.length > 0) throw failures[0]
    },
  }
  return fake
}

function bundleOf(device: proto.ClientPayload.IDevicePairingRegistrationData): Bundle {
  const bytes = (value: Uint8Array | null | undefined) => Buffer.from(value ?? [])
  return {
    registrationId: bytes(device.eRegid).readUInt32BE(),
    identity: bytes(device.eIdent),
    signedPreKey: {
      id: bytes(device.eSkeyId).readUIntBE(0, 3),
      key: bytes(device.eSkeyVal),
      signature: bytes(device.eSkeySig),
    },
    preKeys: new Map(),
  }
}
