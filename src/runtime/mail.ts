import type { Transporter } from 'nodemailer'
import { reasonOf } from './problem.ts'

/** An e-mail to one person. */
export interface Mail {
  /** The same for each attempt: a copy sent because nobody knew the outcome carries the same Message-ID (RFC 5322, 3.6.4). */
  id: string
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  attachments?: { filename: string; content: Buffer; contentType: string }[]
}

/** Hands e-mails to the server. */
export interface Mailer {
  /** @throws {MailError} when the server did not take it. */
  send(mail: Mail): Promise<void>
  close(): void
}

/** An e-mail that the server did not take. */
export class MailError extends Error {
  /** `address`: it knows no such address, or wants nothing for it; `mail`: not this e-mail; `server`: it may be taken later. */
  readonly kind: 'address' | 'mail' | 'server'

  constructor(kind: MailError['kind'], cause: unknown) {
    super(reasonOf(cause).split('\n')[0], { cause })
    this.name = 'MailError'
    this.kind = kind
  }
}

/** Milliseconds that a server may take for each step. */
const PATIENCE = 15_000

/** A mailer for a server such as `smtps://user:password@mail.example:465`; `from` is an address, with a name or without. */
export function createMailer(url: string, from: string): Mailer {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost'
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  let transport: Transporter | undefined
  // Fifteen megabytes that a process without e-mails to send does not need.
  const open = async () => {
    const { createTransport } = await import('nodemailer')
    transport ??= createTransport({
      host: hostname,
      port: Number(port || (secure ? 465 : 587)),
      secure,
      ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
      connectionTimeout: PATIENCE,
      greetingTimeout: PATIENCE,
      socketTimeout: PATIENCE,
    })
    return transport
  }
  return {
    async send({ id, ...mail }) {
      // What a program writes by itself is not to be answered by another program (RFC 3834).
      const headers = { 'Auto-Submitted': 'auto-generated' }
      try {
        await (await open()).sendMail({ ...mail, from, messageId: `<${id}@${domain}>`, headers })
      } catch (error) {
        throw new MailError(kindOf(error), error)
      }
    },
    close: () => transport?.close(),
  }
}

/** Every 5yz reply is for good (RFC 5321, 4.2.1), but for 503, which is about the session; the rest may pass. */
function kindOf(error: unknown): MailError['kind'] {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'server'
  const reply = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0
  const forGood = reply >= 500 && reply !== 503
  const aboutSender = 'command' in error && error.command === 'MAIL FROM'
  if (error.code === 'EENVELOPE' && forGood) return aboutSender ? 'server' : 'address'
  return error.code === 'EMESSAGE' && forGood ? 'mail' : 'server'
}
