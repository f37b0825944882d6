import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Acts on many petitions, presence, audits by sample and sums for the dashboards; the SQL beside this file is its text. */
export class TrabajoEnBloque extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0021-trabajo-en-bloque.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
