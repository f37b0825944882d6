import type { Logger } from 'pino'
import type { FileStore } from '../channels/channel.ts'
import type { Database } from '../runtime/database.ts'
import type { Events } from '../runtime/events.ts'
import type { Municipio } from '../workflow/municipio.ts'

/** What main.ts gives the panel. */
export interface AdminDeps {
  database: Database
  events: Events
  files: FileStore
  municipio: Municipio
  secretKey: string
  /** Where people reach us from outside, without a slash at the end. */
  publicUrl: string
  log: Logger
  now(): Date
}
