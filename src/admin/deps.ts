import type { Logger } from 'pino'
import type { Canales } from '../channels/canales.ts'
import type { AnyChannel, FileStore } from '../channels/channel.ts'
import type { Mensajes } from '../conversation/mensajes.ts'
import type { Database } from '../runtime/database.ts'
import type { Events } from '../runtime/events.ts'
import type { Mailer } from '../runtime/mail.ts'
import type { Municipio } from '../workflow/catalogo/municipio.ts'
import type { ConfiguredAccount } from '../workflow/mensajes/account-state.ts'
import type { Pipeline } from '../workflow/mensajes/pipeline.ts'
import type { OutboxDeps } from '../workflow/run-outbox.ts'
import type { ConfiguracionDelPanel } from './configuracion/deps.ts'
import type { Pages } from './pages.ts'

/** What main.ts gives the panel. */
export interface AdminDeps {
  database: Database
  events: Events
  files: FileStore
  /** The configured accounts, in the order in which they are shown. */
  channels: readonly ConfiguredAccount[]
  municipio: Municipio
  configuracion: ConfiguracionDelPanel
  mensajes: Mensajes
  /** Where people of the social networks may be invited to. */
  canales: Pick<Canales, 'redes'>
  channelOf(name: string, account: string): AnyChannel | undefined
  /** For the papers: PNG or JPEG. */
  logo: Buffer | undefined
  secretKey: string
  /** Must administradores come in with a second step? Everybody else may. */
  segundoPaso: 'obligatorio' | 'opcional'
  /** Where people reach us from outside, without a slash at the end. */
  publicUrl: string
  /** Hands e-mails to the server; absent where none is configured. */
  correo?: Mailer | undefined
  log: Logger
  now(): Date
  pipeline: Pick<Pipeline, 'wakeSend' | 'wakeTurn'>
  outbox: Pick<OutboxDeps, 'enviar'>
  /** The assistant goes on in this conversation where it stood, in a transaction of its own, and says so to the person. */
  returnToBot(conversationId: number): Promise<void>
}

/** What every page of the panel works with. */
export interface Panel extends AdminDeps {
  pages: Pages
}
