import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Notices to the staff with their e-mails and pushes, and citizens told otherwise; the SQL beside this file is its text. */
export class AvisosPersonales extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0018-avisos-personales.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
