import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, type proto } from '@whiskeysockets/baileys'
import { WebSocketServer } from 'ws'
import { trustedCertificate } from './certificate.ts'
import type { FakeWhatsapp } from './whatsapp/fake-whatsapp.ts'
import { createFiles, fileIn } from './whatsapp/files.ts'
import { type CodePairing, codePairingRequest, createCodePairing, pairSuccess } from './whatsapp/pairing.ts'
import { createPeople } from './whatsapp/people.ts'
import { createPost } from './whatsapp/post.ts'
import { answer } from './whatsapp/queries.ts'
import { answerReupload } from './whatsapp/reupload.ts'
import { createSession, type Listener, type Session } from './whatsapp/session.ts'
import { type Bundle, bundleOf } from './whatsapp/telephone.ts'

/** The number that the gateway links itself to. */
export const SELF = { jid: '5218330000001:7@s.whatsapp.net', lid: '70000001:7@lid' }

/** Starts the server on a free port, or on the one given. */
export async function createWhatsappServer(port = 0): Promise<FakeWhatsapp> {
  const { key, cert } = trustedCertificate()
  const server = createServer({ key, cert }, (request, response) => void files.answer(request, response).catch(failed))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const files = createFiles(`https://${host}`)
  const people = createPeople()
  const sessions = new Set<Session>()
  const failures: unknown[] = []
  const failed = (error: unknown) => void failures.push(error)
  const sendAll = (node: BinaryNode) => {
    for (const session of sessions) if (session.open) session.send(node)
  }
  const post = createPost(people, SELF.lid, () => bundle, sendAll)
  let bundle: Bundle | undefined
  let paired = false
  let pairing: CodePairing | undefined
  let refusing: number | undefined

  const welcome = (session: Session) => {
    session.open = true
    fake.logins += 1
    fake.mostConnected = Math.max(fake.mostConnected, fake.connected)
    session.send({ tag: 'success', attrs: { t: String(Math.floor(Date.now() / 1000)), lid: SELF.lid } })
    const waiting = post.waiting()
    for (const { node } of waiting) session.send({ ...node, attrs: { ...node.attrs, offline: '1' } })
    const offline = { tag: 'offline', attrs: { count: String(waiting.length) } }
    session.send({ tag: 'ib', attrs: {}, content: [offline] })
  }

  const refuse = (session: Session, reason: number) => {
    session.send({ tag: 'failure', attrs: { reason: String(reason) } })
    session.close()
  }

  const enter = (session: Session, { devicePairingData: device }: proto.ClientPayload) => {
    if (refusing) {
      fake.refusedLogins += 1
      return refuse(session, refusing)
    }
    if (!device) return paired ? welcome(session) : refuse(session, 401)
    bundle = bundleOf(device)
    const refs = ['one', 'two'].map((ref) => ({ tag: 'ref', attrs: {}, content: Buffer.from(ref) }))
    const content = [{ tag: 'pair-device', attrs: {}, content: refs }]
    session.send({ tag: 'iq', attrs: { from: 's.whatsapp.net', id: 'p', type: 'set' }, content })
  }

  const pairByCode = (session: Session, request: BinaryNode) => {
    if (request.attrs.stage !== 'companion_finish') {
      pairing = createCodePairing(request)
      fake.codeRequests.push(pairing.jid)
      return
    }
    const proof = pairing?.finish(request, SELF.jid, SELF.lid)
    if (!proof) fake.wrongCodes += 1
    else session.send(proof)
    paired = proof !== undefined
  }

  const reply = (session: Session, node: BinaryNode) => {
    const code = codePairingRequest(node)
    if (node.attrs.id === 'pair') return session.send({ tag: 'stream:error', attrs: { code: '515' } })
    const uploads = { host, auth: files.auth }
    if (node.attrs.type !== 'result') session.send(answer(node, { ...people, bundle, uploads }))
    if (code) pairByCode(session, code)
  }

  const hear = async (session: Session, node: BinaryNode) => {
    const { id = '', to = '' } = node.attrs
    for (const each of getBinaryNodeChildren(getBinaryNodeChild(node, 'participants'), 'to')) {
      const enc = getBinaryNodeChild(each, 'enc')
      const jid = each.attrs.jid ?? ''
      if (!(enc?.content instanceof Uint8Array) || people.userOf(jid) === people.userOf(SELF.lid)) continue
      const message = await people.phoneOf(jid).decrypt(SELF.lid, enc.attrs.type ?? '', enc.content)
      if (message) fake.heard.push({ id, to, message, ...(await fileIn(message, files)) })
      else await fake.couldNotRead(id, people.userOf(jid))
    }
    if (fake.acknowledge === 'no') return
    const error = fake.acknowledge === 'yes' ? {} : { error: fake.acknowledge }
    session.send({ tag: 'ack', attrs: { class: 'message', id, from: to, t: '1700000000', ...error } })
  }

  const noteReceipt = async (session: Session, node: BinaryNode) => {
    const { id = '', type, to = '' } = node.attrs
    if (type === 'retry') {
      fake.askedAgain.push(id)
      await post.repeat(id, node)
    } else if (type === 'server-error') {
      fake.reuploads.push(id)
      session.send(answerReupload(node, fake.telephonesKeepFiles ? post.said(id)?.content : undefined, files))
    } else {
      fake.receipted.add(id)
      if (!fake.losesReceipts) post.drop(id)
    }
    session.send({ tag: 'ack', attrs: { class: 'receipt', id, from: to } })
  }

  const noteRefusal = ({ attrs: { id = '', error, class: of } }: BinaryNode) => {
    if (of !== 'message' || !error) return
    fake.refused.set(id, error)
    // A refusal for want of the key is not the last word: the message comes again.
    if (error !== '500') post.drop(id)
  }

  const listener: Listener = {
    enters: enter,
    says(session: Session, node: BinaryNode) {
      if (node.tag === 'iq') return reply(session, node)
      if (node.tag === 'message') return hear(session, node)
      if (node.tag === 'receipt') return noteReceipt(session, node)
      if (node.tag === 'ack') return noteRefusal(node)
      if (node.attrs.to) fake.composing.push(node.attrs.to)
    },
    leaves: (session: Session) => void sessions.delete(session),
    failed,
    isDeaf: false,
  }
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => sessions.add(createSession(socket, listener)))

  const fake: FakeWhatsapp = {
    url: `wss://${host}/ws/chat`,
    certificate: cert,
    receipted: new Set(),
    refused: new Map(),
    askedAgain: [],
    heard: [],
    composing: [],
    codeRequests: [],
    wrongCodes: 0,
    files,
    telephonesKeepFiles: true,
    reuploads: [],
    get connected() {
      return [...sessions].filter(({ connected }) => connected).length
    },
    mostConnected: 0,
    logins: 0,
    refusedLogins: 0,
    acknowledge: 'yes',
    scan(qr) {
      paired = true
      for (const session of sessions) session.send(pairSuccess(qr, SELF.jid, SELF.lid))
    },
    async type(code) {
      const hello = await pairing?.typed(code)
      for (const session of sessions) if (hello) session.send(hello)
    },
    says: (user, message, manner = {}) =>
      post.send(user, typeof message === 'string' ? { conversation: message } : message, manner),
    async sendsFile(user, type, bytes, more = {}, manner = {}) {
      const file = await files.upload(bytes, type)
      return post.send(user, { [`${type}Message`]: { ...file, ...more } }, { ...manner, attrs: { type: 'media' } })
    },
    ownerSays(user, text) {
      const destinationJid = `${user}@lid`
      const content = { deviceSentMessage: { destinationJid, message: { conversation: text } } }
      return post.send(user, content, { attrs: { recipient: destinationJid } }, '70000001@lid')
    },
    receipt(id, user, type) {
      sendAll({ tag: 'receipt', attrs: { id, from: `${user}@lid`, t: '1700000000', ...(type && { type }) } })
    },
    async couldNotRead(id, user) {
      await people.phoneOf(user).forget(SELF.lid)
      const content = [{ tag: 'retry', attrs: { count: '1', id, t: '1700000000', v: '1' } }]
      sendAll({ tag: 'receipt', attrs: { id, from: `${user}@lid`, type: 'retry', t: '1700000000' }, content })
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
      for (const { node } of post.waiting()) sendAll(node)
    },
    cut() {
      for (const session of sessions) session.cut()
    },
    deaf(on) {
      listener.isDeaf = on
      for (const session of sessions) session.deafen(on)
    },
    async close() {
      for (const session of sessions) session.cut()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (failures.length > 0) throw failures[0]
    },
  }
  return fake
}
