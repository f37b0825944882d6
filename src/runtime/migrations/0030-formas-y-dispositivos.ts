import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Forms that are sent twice, and devices that are logged out; the SQL beside this file is its text. */
export class FormasYDispositivos extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0030-formas-y-dispositivos.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
