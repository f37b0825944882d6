import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Personal data are blocked and erased in time, and the audit log is sealed; the SQL beside this file is its text. */
export class Privacidad extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0017-privacidad.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
