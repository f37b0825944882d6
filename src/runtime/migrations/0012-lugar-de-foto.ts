import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Where a photograph was taken, until it was offered; the SQL beside this file is its text. */
export class LugarDeFoto extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0012-lugar-de-foto.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
