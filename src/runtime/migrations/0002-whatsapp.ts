import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Linked WhatsApp numbers; the SQL beside this file is its text. */
export class Whatsapp extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0002-whatsapp.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
