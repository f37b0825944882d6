import { readFileSync } from 'node:fs'
import { Migration } from '@mikro-orm/migrations'

/** Where conversations of the Bot Framework are answered; the SQL beside this file is its text. */
export class BotFramework extends Migration {
  override async up(): Promise<void> {
    await this.getEntityManager()
      .getConnection()
      .execute(readFileSync(new URL('./0005-bot-framework.sql', import.meta.url), 'utf8'), [], 'run', this.ctx)
  }
}
