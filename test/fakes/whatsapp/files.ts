import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { getMediaKeys, type proto } from '@whiskeysockets/baileys'

/** What a file is called in WhatsApp's messages; it is part of how the file is encrypted. */
export type FileType = 'image' | 'video' | 'audio' | 'document' | 'sticker'

/** Where a file lies and what opens it, as it stands in a message. */
export interface SealedFile {
  url: string
  directPath: string
  mediaKey: Uint8Array
  fileSha256: Uint8Array
  fileEncSha256: Uint8Array
  fileLength: number
}

/** The servers that keep people's files, encrypted by them, for a while. */
export interface Files {
  /** What uploads have to show. */
  readonly auth: string
  /** A telephone uploads a file. */
  upload(bytes: Uint8Array, type: FileType): Promise<SealedFile>
  /** A telephone fetches a file; throws unless all of it is as the message says. */
  fetch(file: Partial<Nullable<SealedFile>>, type: FileType): Promise<Buffer>
  /** From now on the files there are so far are gone. */
  expire(): void
  /** The files there are so far are changed by somebody. */
  spoil(): void
  /** The same bytes at a new path, for a telephone that has them still. */
  again(directPath: string): string | undefined
  /** Paths that were asked for, in order, with the answer's status. */
  asked: { path: string; status: number }[]
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

type Answer = [status: number, body: string | Buffer]

type Nullable<Of> = { [Key in keyof Of]: Of[Key] | null | { toString(): string } }

/** Bytes of the HMAC that are kept behind a file. */
const MAC = 10

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const macOf = (macKey: Uint8Array, iv: Uint8Array, sealed: Uint8Array) =>
  createHmac('sha256', macKey).update(iv).update(sealed).digest().subarray(0, MAC)

/** `root` is where they are reached, https://…; files are decrypted as a telephone would, by code that is not the gateway's. */
export function createFiles(root: string): Files {
  const auth = randomBytes(8).toString('hex')
  const kept = new Map<string, Buffer>()
  const gone = new Map<string, Buffer>()
  const keep = (bytes: Buffer) => {
    const path = `/v/t62.7118-24/${randomBytes(8).toString('hex')}?oe=1`
    kept.set(path, bytes)
    return path
  }
  const give = (path: string): Answer => {
    const bytes = kept.get(path)
    return bytes ? [200, bytes] : [gone.has(path) ? 410 : 404, '']
  }
  const accept = (path: string, sealed: Buffer): Answer => {
    const { searchParams, pathname } = new URL(path, root)
    const named = decodeURIComponent(pathname.split('/').at(-1) ?? '') === sha256(sealed).toString('base64url')
    if (searchParams.get('auth') !== auth || !named) return [401, '']
    const directPath = keep(sealed)
    return [200, JSON.stringify({ url: root + directPath, direct_path: directPath })]
  }
  const files: Files = {
    auth,
    asked: [],
    async upload(bytes, type) {
      const mediaKey = randomBytes(32)
      const { iv, cipherKey, macKey = Buffer.alloc(0) } = await getMediaKeys(mediaKey, type)
      const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()])
      const whole = Buffer.concat([sealed, macOf(macKey, iv, sealed)])
      const directPath = keep(whole)
      const hashes = { fileSha256: sha256(bytes), fileEncSha256: sha256(whole) }
      return { url: root + directPath, directPath, mediaKey, fileLength: bytes.byteLength, ...hashes }
    },
    async fetch({ directPath, mediaKey, fileSha256 }, type) {
      const whole = kept.get(String(directPath))
      if (!whole || !(mediaKey instanceof Uint8Array)) throw new Error(`there is no file at ${directPath}`)
      const { iv, cipherKey, macKey = Buffer.alloc(0) } = await getMediaKeys(mediaKey, type)
      const sealed = whole.subarray(0, -MAC)
      if (!macOf(macKey, iv, sealed).equals(whole.subarray(-MAC))) throw new Error('the file was changed')
      const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
      const bytes = Buffer.concat([decipher.update(sealed), decipher.final()])
      if (!(fileSha256 instanceof Uint8Array) || !sha256(bytes).equals(fileSha256)) throw new Error('another file')
      return bytes
    },
    expire() {
      for (const [path, bytes] of kept) gone.set(path, bytes)
      kept.clear()
    },
    spoil() {
      for (const bytes of kept.values()) bytes.fill(0, 0, 16)
    },
    again(directPath) {
      const bytes = gone.get(directPath) ?? kept.get(directPath)
      return bytes && keep(bytes)
    },
    async answer(request, response) {
      const path = request.url ?? ''
      const [status, body] = request.method === 'POST' ? accept(path, await buffer(request)) : give(path)
      files.asked.push({ path, status })
      response.writeHead(status).end(body)
    },
  }
  return files
}

const FILE_TYPES = ['image', 'video', 'audio', 'document', 'sticker'] as const

/** The file of a message, fetched and decrypted by who got it. */
export async function fileIn(message: proto.IMessage, files: Files): Promise<{ file?: Buffer }> {
  for (const type of FILE_TYPES) {
    const content = message[`${type}Message`]
    if (content) return { file: await files.fetch(content, type) }
  }
  return {}
}
