import type { Logger } from 'pino'
import type { House } from '../../house.ts'
import type { Environment } from '../../runtime/env.ts'
import type { Files } from '../../runtime/files.ts'
import type { OutboxDeps } from '../../workflow/run-outbox.ts'
import type { Calendar } from './calendar.ts'
import type { Clock } from './clock.ts'
import type { Pueblo } from './pueblo.ts'
import type { Random } from './random.ts'
import type { Personal } from './staff.ts'

/** All that filling the demo goes by. */
export interface Demo {
  env: Environment
  log: Logger
  house: Pick<House, 'database' | 'settings' | 'secretKey'>
  files: Files
  /** What notices are made with; its clock is the demo's. */
  outbox: OutboxDeps
  pueblo: Pueblo
  personal: Personal
  calendar: Calendar
  clock: Clock
  random: Random
  /** When the filling began: what the database dates later than that belongs to the demo's present moment. */
  began: Date
}
