import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from './problem.ts'

/** Replaces `path` with `content` so that after a crash or a power cut it holds all of the old text or all of this. */
export async function writeDurably(path: string, content: string, mode = 0o600): Promise<void> {
  const temporary = await writeBeside(path, content, mode)
  await rename(temporary, path)
  await syncFolder(dirname(path))
}

/** As `writeDurably`, but leaves a file that is already there as it is; false says so. */
export async function createDurably(path: string, content: string, mode = 0o600): Promise<boolean> {
  const temporary = await writeBeside(path, content, mode)
  try {
    // A link, unlike a rename, fails when the name is taken: of two processes that race, one wins with a whole file.
    await link(temporary, path)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(dirname(path))
  return true
}

/** Makes the names in a folder (created, renamed, removed) survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function writeBeside(path: string, content: string, mode: number): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(temporary, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(temporary)
    throw error
  } finally {
    await file.close()
  }
  return temporary
}
