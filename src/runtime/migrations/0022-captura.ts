import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Turnos that are called, captures left for later, valoración; the SQL beside this file is its text. */
export class Captura extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0022-captura.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
