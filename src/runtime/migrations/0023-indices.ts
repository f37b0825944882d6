import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** What the ledger and the retention look for without an index until now; the SQL beside this file is its text. */
export class Indices extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0023-indices.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
