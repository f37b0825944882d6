import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** What is said in public on the town's pages; the SQL beside this file is its text. */
export class Redes extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0004-redes.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
