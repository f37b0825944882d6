import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** The survey, the questions to the citizen, and what was reminded; the SQL beside this file is its text. */
export class Seguimiento extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0011-seguimiento.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
