import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** What is open is counted by dependencia from the index alone; the SQL beside this file is its text. */
export class Vencimientos extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0031-vencimientos.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
