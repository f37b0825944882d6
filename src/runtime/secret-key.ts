import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDurably } from './durable-file.ts'
import type { Environment } from './env.ts'
import { EXIT, hasCode, reasonOf, StartupProblem } from './problem.ts'

/**
 * The key from which everything secret is derived (signed links, encrypted credentials): SECRET_KEY, or else one made
 * once and kept in `<DATA_DIR>/secret-key`, readable by its owner alone. The folder must be open.
 * @throws {StartupProblem} when the file cannot be read or holds no key.
 */
export async function secretKey({
  SECRET_KEY,
  DATA_DIR,
}: Pick<Environment, 'SECRET_KEY' | 'DATA_DIR'>): Promise<string> {
  if (SECRET_KEY) return SECRET_KEY
  const file = join(DATA_DIR, 'secret-key')
  try {
    return check(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw unusable(error, file)
  }
  await createDurably(file, `${randomBytes(48).toString('base64url')}\n`)
  return check(await readFile(file, 'utf8'), file)
}

function check(text: string, file: string): string {
  const key = text.trim()
  if (key.length >= 32) return key
  throw unusable(new Error(`it holds ${key.length} characters, fewer than 32`), file)
}

function unusable(error: unknown, file: string): StartupProblem {
  if (error instanceof StartupProblem) return error
  return new StartupProblem(
    `The key in ${file} cannot be used: ${reasonOf(error)}. Restore the file from a backup; with another key, what was encrypted or signed with this one is lost.`,
    EXIT.folder,
  )
}
