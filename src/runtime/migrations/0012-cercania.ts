import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** What several people report: joined, gathered, or told of beforehand; the SQL beside this file is its text. */
export class Cercania extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0012-cercania.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
