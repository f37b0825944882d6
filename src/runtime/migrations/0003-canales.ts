import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** How channel accounts are doing, and the circuit of their sends; the SQL beside this file is its text. */
export class Canales extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0003-canales.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
