import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** An e-mail as it came over the wire. */
export interface Recibido {
  to: string
  raw: string
}

/** A mail server on a socket of its own: what it took, what it refuses, and whether it takes anything. */
export interface TestMailServer {
  url: string
  received: Recibido[]
  /** Addresses it knows nothing of: 550 at RCPT TO. */
  unknown: Set<string>
  /** Answers 451 to every e-mail. */
  away: boolean
  /** Takes the e-mail and closes the line without saying so, once. */
  silent: boolean
  close(): Promise<void>
}

/** Starts it; speaks SMTP without TLS. */
export async function startMailServer(): Promise<TestMailServer> {
  const refused = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) =>
      mail.unknown.has(address) ? done(refused(550, '5.1.1 no such user')) : done(),
    async onData(stream, session, done) {
      const raw = await text(stream)
      if (mail.away) return done(refused(451, '4.3.0 try later'))
      mail.received.push({ to: session.envelope.rcptTo[0]?.address ?? '', raw })
      if (!mail.silent) return done()
      mail.silent = false
      return done(refused(421, '4.4.2 the line was lost'))
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const mail: TestMailServer = {
    url: `smtp://127.0.0.1:${port}`,
    received: [],
    unknown: new Set(),
    away: false,
    silent: false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return mail
}

/** A header of an e-mail; its body decoded as far as quoted-printable goes. */
export const header = (raw: string, name: string): string =>
  new RegExp(`^${name}: ((?:.*\\r?\\n[ \\t])*.*)$`, 'im').exec(raw)?.[1]?.replaceAll(/\r?\n[ \t]/g, ' ') ?? ''

/** The text of an e-mail without its transfer encoding. */
export const decoded = (raw: string): string =>
  Buffer.from(
    raw
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
