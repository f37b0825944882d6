import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** The first shape of the database; the SQL beside this file is its text. */
export class Inicio extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0001-inicio.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
