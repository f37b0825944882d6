import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Forms done once, colleagues named in notes, answers written beforehand; the SQL beside this file is its text. */
export class TrabajoDiario extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0014-trabajo-diario.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
