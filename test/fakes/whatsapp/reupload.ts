import { randomBytes } from 'node:crypto'
import { aesDecryptGCM, aesEncryptGCM, type BinaryNode, getBinaryNodeChild, hkdf, proto } from '@whiskeysockets/baileys'
import type { Files, SealedFile } from './files.ts'
import { bytesOf } from './queries.ts'

const { ResultType } = proto.MediaRetryNotification

/** The file of a message, if it has one. */
export function fileOf(content: proto.IMessage | undefined): Pick<SealedFile, 'mediaKey' | 'directPath'> | undefined {
  const { imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage } = content ?? {}
  const { mediaKey, directPath } =
    imageMessage ?? videoMessage ?? audioMessage ?? documentMessage ?? stickerMessage ?? {}
  return mediaKey && directPath ? { mediaKey, directPath } : undefined
}

/**
 * The telephone of who sent a file is asked for it once more, for the servers have it no longer: it uploads it again, and tells where it
 * lies now, under a key that only those have who know the file's. `content` is what it had sent, if it still has it.
 * @throws {Error} when the request was not made with the key of that file.
 */
export function answerReupload(request: BinaryNode, content: proto.IMessage | undefined, files: Files): BinaryNode {
  const { id = '' } = request.attrs
  const rmr = getBinaryNodeChild(request, 'rmr') ?? { tag: 'rmr', attrs: {} }
  const file = fileOf(content)
  const answer = (content: BinaryNode): BinaryNode => ({
    tag: 'notification',
    attrs: { from: rmr.attrs.jid ?? '', id, type: 'mediaretry', t: '1700000000' },
    content: [content, rmr],
  })
  const directPath = file && files.again(file.directPath)
  if (!file || !directPath) return answer({ tag: 'error', attrs: { code: String(ResultType.NOT_FOUND) } })
  const key = hkdf(Buffer.from(file.mediaKey), 32, { info: 'WhatsApp Media Retry Notification' })
  const sealed = getBinaryNodeChild(request, 'encrypt')
  const asked = aesDecryptGCM(bytesOf(sealed, 'enc_p'), key, bytesOf(sealed, 'enc_iv'), Buffer.from(id))
  if (proto.ServerErrorReceipt.decode(asked).stanzaId !== id) throw new Error('the request names another message')
  const iv = randomBytes(12)
  const told = proto.MediaRetryNotification.encode({ stanzaId: id, directPath, result: ResultType.SUCCESS }).finish()
  return answer({
    tag: 'encrypt',
    attrs: {},
    content: [
      { tag: 'enc_p', attrs: {}, content: aesEncryptGCM(told, key, iv, Buffer.from(id)) },
      { tag: 'enc_iv', attrs: {}, content: iv },
    ],
  })
}
