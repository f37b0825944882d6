import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Receipts that come before their message is known, and names that are asked for; the SQL beside this file is its text. */
export class Acuses extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0006-acuses.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
