import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { Vault } from '../../../src/channels/whatsapp/credentials.ts'
import { openDatabase } from '../../../src/runtime/database.ts'
import { createSecretBox } from '../../../src/runtime/secret-box.ts'
import { createTestDatabase } from '../../database.ts'

export const SECRET_KEY = 'the secret key of tests, 32 characters at least'
export const QUIET = pino({ level: 'silent' })

/** Takes what is to be done at the end, the last first; by default the end is that of the test. */
export type WhenDone = (close: () => Promise<void>) => void

/** A number's vault in a database of its own, until the test ends. */
export async function createVault(
  secretKey = SECRET_KEY,
  whenDone: WhenDone = onTestFinished,
): Promise<Vault & { url: string }> {
  const { url, drop } = await createTestDatabase()
  whenDone(drop)
  return { ...(await openVault(url, secretKey, 'default', whenDone)), url }
}

/** Another process's look at the same database. */
export async function openVault(
  url: string,
  secretKey = SECRET_KEY,
  account = 'default',
  whenDone: WhenDone = onTestFinished,
): Promise<Vault> {
  const database = await openDatabase(url, [], QUIET)
  whenDone(() => database.close())
  return { database, box: createSecretBox(secretKey, 'whatsapp'), account }
}
