import type { proto } from '@whiskeysockets/baileys'
import type { Files, FileType } from './files.ts'
import type { Manner } from './post.ts'

/** What the gateway sent to somebody, as their telephone decrypted it, with its file. */
export interface Heard {
  id: string
  to: string
  message: proto.Message
  file?: Buffer
}

/** A WhatsApp of one number, over real TLS and WebSockets with the real encryption; people's telephones are in it. */
export interface FakeWhatsapp {
  /** For `WHATSAPP_WS_URL`. */
  url: string
  /** For `NODE_EXTRA_CA_CERTS` of another process, as PEM; this one trusts it already. */
  certificate: string
  /** Ids of messages whose receipt the gateway sent, and those it refused, with the code. */
  receipted: Set<string>
  refused: Map<string, string>
  /** Ids of messages that the gateway could not decrypt and asked for again, once for each time. */
  askedAgain: string[]
  heard: Heard[]
  /** Addresses that saw "writing…". */
  composing: string[]
  /** Jids that asked to be paired by a code. */
  codeRequests: string[]
  /** Codes that were typed and were others. */
  wrongCodes: number
  /** What became of the files on the servers. */
  files: Files
  /** The telephones still have the files they sent, and upload them again when asked. */
  telephonesKeepFiles: boolean
  /** Ids of messages whose file was asked for again. */
  reuploads: string[]
  /** Sockets that are past their handshake now, and the most that were at once. */
  readonly connected: number
  mostConnected: number
  logins: number
  refusedLogins: number
  /** The telephone scans the QR, or its owner types the code. */
  scan(qr: string): void
  type(code: string): Promise<void>
  /** Somebody (their LID's user part) writes; resolves to the message's id once it is queued. */
  says(user: string, message: proto.IMessage | string, manner?: Manner): Promise<string>
  /** Somebody sends a file; `more` goes beside it (a caption, a type…). */
  sendsFile(
    user: string,
    type: FileType,
    bytes: Uint8Array,
    more?: Record<string, string | number | boolean>,
    manner?: Manner,
  ): Promise<string>
  /** The owner of the number answers on the telephone. */
  ownerSays(user: string, text: string): Promise<string>
  /** A telephone tells that it got, or read, a message of the gateway. */
  receipt(id: string, user: string, type?: 'read'): void
  /** A telephone lost its keys and could not read a message of the gateway: it asks for it again. */
  couldNotRead(id: string, user: string): Promise<void>
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
