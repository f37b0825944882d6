import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** What is left of WhatsApp's messages once they are in the inbox; the SQL beside this file is its text. */
export class Llegadas extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0008-llegadas.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
