import { pino } from 'pino'
import { createWhatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { openDatabase } from '../../../src/runtime/database.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'

/** A process that holds a number and stores what comes, until it is killed. */
const [, , databaseUrl = '', serverUrl = '', spoolFolder = ''] = process.argv
const log = pino({ level: 'error' }, pino.destination(2))
const database = await openDatabase(databaseUrl, [], log)
const channel = createWhatsapp(
  {
    account: 'default',
    database,
    secretKey: 'the secret key of tests, 32 characters at least',
    spoolFolder,
    serverUrl,
    sentMessage: async () => undefined,
  },
  {
    log,
    saveInbound: createSaveInbound(database, () => undefined),
    saveReceipt: async () => undefined,
    cursor: () => ({ read: async () => undefined, write: async () => undefined }),
    // The one before was killed: nobody else holds the number.
    withLease: (_name, signal, work) => work(signal),
    files: { put: async () => undefined, get: async () => new Uint8Array(), delete: async () => undefined },
    now: () => new Date(),
  },
)
await channel.run?.(new AbortController().signal)
