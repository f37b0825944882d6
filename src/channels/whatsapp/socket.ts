import {
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  generateWAMessageContent,
  isJidBroadcast,
  isJidGroup,
  isJidNewsletter,
  makeCacheableSignalKeyStore,
  makeWASocket,
  type WASocket,
} from '@whiskeysockets/baileys'
import { journalingRepository } from './arrivals.ts'
import type { Credentials } from './credentials.ts'
import type { Line } from './line.ts'
import { quietLog } from './quiet-log.ts'
import { toWhatsapp } from './to-whatsapp.ts'
import { createWire } from './wire.ts'

/** How often a message is asked for again, by its id; shared by the sockets of a number, for a reconnection is no reason to begin anew. */
export type RetryCounts = NonNullable<Parameters<typeof makeWASocket>[0]['msgRetryCounterCache']>

/**
 * A socket with our credentials, that never asks for history, and journals what it decrypts. It connects at once; `cut` ends the
 * connection beneath it.
 */
export function openSocket(
  line: Line,
  { creds, keys }: Credentials,
  retries: RetryCounts,
): { socket: WASocket; cut(): void } {
  const stanzas = new WeakMap<object, BinaryNode>()
  const logger = quietLog(line.context.log, line.account)
  const address = line.serverUrl ?? DEFAULT_CONNECTION_CONFIG.waWebSocketUrl
  const { agent, cut } = createWire()
  const socket: WASocket = makeWASocket({
    auth: { creds, keys: makeCacheableSignalKeyStore(keys, logger) },
    makeSignalRepository: journalingRepository(line.vault, creds, (ciphertext) => stanzas.get(ciphertext)),
    waWebSocketUrl: address,
    // A server without TLS is one on this machine, and answers.
    ...(!String(address).startsWith('ws:') && { agent }),
    logger,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    markOnlineOnConnect: false,
    emitOwnEvents: false,
    generateHighQualityLinkPreview: false,
    shouldIgnoreJid: (jid) => isJidGroup(jid) || isJidBroadcast(jid) || isJidNewsletter(jid),
    msgRetryCounterCache: retries,
    // Our keys wait by themselves for a database that is away.
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    getMessage: async ({ id }) => {
      const sent = id ? await line.sentMessage(id) : undefined
      if (!sent) return undefined
      const file = sent.media && Buffer.from(await line.context.files.get(sent.media.key))
      return generateWAMessageContent(toWhatsapp(sent, file), { upload: socket.waUploadToServer })
    },
  })
  // Told before the stanza is worked on: its ciphertext is how the decryption finds it.
  socket.ws.on('frame', (frame: BinaryNode | Uint8Array) => {
    if (frame instanceof Uint8Array || frame.tag !== 'message' || !Array.isArray(frame.content)) return
    // Baileys works on what waited for us offline in a queue, and what is said meanwhile overtakes it: all go by that queue.
    frame.attrs.offline ??= '1'
    for (const { content } of frame.content) if (content instanceof Uint8Array) stanzas.set(content, frame)
  })
  return { socket, cut }
}
