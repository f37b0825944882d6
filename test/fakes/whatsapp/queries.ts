import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, isPnUser } from '@whiskeysockets/baileys'
import type { Bundle, Phone } from './telephone.ts'

/** What the server needs to answer queries. */
export interface Directory {
  /** The phone of a person, by any of their addresses. */
  phoneOf(jid: string): Phone
  lidOf(jid: string): string
  bundle: Bundle | undefined
  /** Where files are uploaded, and what uploads have to show. */
  uploads: { host: string; auth: string }
}

/** The answer to an iq of the client; what has no answer of its own is simply accepted. */
export function answer(query: BinaryNode, directory: Directory): BinaryNode {
  const [child] = Array.isArray(query.content) ? query.content : []
  const result = (content?: BinaryNode[]): BinaryNode => ({
    tag: 'iq',
    attrs: { from: query.attrs.to ?? 's.whatsapp.net', id: query.attrs.id ?? '', type: 'result' },
    ...(content && { content }),
  })
  const { xmlns, type } = query.attrs
  if (xmlns === 'encrypt' && child?.tag === 'count')
    return result([{ tag: 'count', attrs: { value: String(directory.bundle?.preKeys.size ?? 3) } }])
  if (xmlns === 'encrypt' && child?.tag === 'digest') return result([{ tag: 'digest', attrs: {} }])
  if (xmlns === 'encrypt' && type === 'set') {
    keepPreKeys(query, directory.bundle)
    return result()
  }
  if (xmlns === 'encrypt' && child?.tag === 'key') {
    const users = getBinaryNodeChildren(child, 'user').map(({ attrs }) => attrs.jid ?? '')
    return result([{ tag: 'list', attrs: {}, content: users.map((jid) => directory.phoneOf(jid).keys(jid)) }])
  }
  if (xmlns === 'w:m') return result([mediaServers(directory.uploads)])
  if (xmlns === 'usync' && child) return result([devices(child, directory)])
  return result(EMPTY[xmlns ?? ''])
}

const EMPTY: Record<string, BinaryNode[]> = {
  abt: [{ tag: 'props', attrs: { hash: 'x' }, content: [] }],
  blocklist: [{ tag: 'list', attrs: {}, content: [] }],
  privacy: [{ tag: 'privacy', attrs: {}, content: [] }],
}

const mediaServers = ({ host, auth }: Directory['uploads']): BinaryNode => ({
  tag: 'media_conn',
  attrs: { auth, ttl: '300' },
  content: [{ tag: 'host', attrs: { hostname: host, maxContentLengthBytes: '100000000' } }],
})

function keepPreKeys(query: BinaryNode, bundle: Bundle | undefined): void {
  for (const key of getBinaryNodeChildren(getBinaryNodeChild(query, 'list'), 'key')) {
    const id = bytesOf(key, 'id')
    bundle?.preKeys.set(id.readUIntBE(0, id.length), bytesOf(key, 'value'))
  }
}

/** The bytes of a child; none when there is no such child. */
export function bytesOf(node: BinaryNode | undefined, tag: string): Buffer {
  const content = getBinaryNodeChild(node, tag)?.content
  return content instanceof Uint8Array ? Buffer.from(content) : Buffer.alloc(0)
}

/** Everybody has one device; who asks by a number is told the LID that belongs to it. */
function devices(usync: BinaryNode, { lidOf }: Directory): BinaryNode {
  const list = getBinaryNodeChild(usync, 'list')
  const one = { tag: 'device-list', attrs: {}, content: [{ tag: 'device', attrs: { id: '0' } }] }
  const content = getBinaryNodeChildren(list, 'user').map(({ attrs }) => ({
    tag: 'user',
    attrs: { jid: attrs.jid ?? '' },
    content: [
      { tag: 'devices', attrs: {}, content: [one] },
      ...(isPnUser(attrs.jid) ? [{ tag: 'lid', attrs: { val: lidOf(attrs.jid ?? '') } }] : []),
    ],
  }))
  return { tag: 'usync', attrs: { ...usync.attrs }, content: [{ tag: 'list', attrs: {}, content }] }
}
