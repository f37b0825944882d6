import { pino } from 'pino'
import { openCredentials } from '../../../src/channels/whatsapp/credentials.ts'
import { openDatabase } from '../../../src/runtime/database.ts'
import { createSecretBox } from '../../../src/runtime/secret-box.ts'

/** A process that writes two keys together for ever, and says each number that was confirmed. */
const database = await openDatabase(String(process.argv[2]), [], pino({ level: 'silent' }))
const box = createSecretBox('the secret key of tests, 32 characters at least', 'whatsapp')
const { keys } = await openCredentials({ database, box, account: 'default' }, new AbortController().signal)
for (let n = 1; ; n++) {
  await keys.set({ session: { a: Buffer.from(String(n)), b: Buffer.from(String(n)) } })
  process.stdout.write(`${n}\n`)
}
