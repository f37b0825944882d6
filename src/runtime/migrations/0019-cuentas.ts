import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** The second step at the door, links to choose a password; the SQL beside this file is its text. */
export class Cuentas extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0019-cuentas.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
