import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** The versions of what the municipality edits, and drafts of them; the SQL beside this file is its text. */
export class Configuracion extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0020-configuracion.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
