import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** One person, several addresses; the SQL beside this file is its text. */
export class Personas extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0007-personas.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
