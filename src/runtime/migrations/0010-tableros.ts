import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Filters, dashboards and exports; the SQL beside this file is its text. */
export class Tableros extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0010-tableros.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
