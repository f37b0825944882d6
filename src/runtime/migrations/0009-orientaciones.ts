import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** What was answered by telling whom to ask; the SQL beside this file is its text. */
export class Orientaciones extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0009-orientaciones.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
