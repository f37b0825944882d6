import { copyFile, type FileHandle, open, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../problem.ts'

const LIMIT = 10_000_000

/** The file that PostgreSQL's messages go to, kept with one older generation. */
export const logFileOf = (home: string) => join(home, 'postgres.log')

/** Opens the log for a server that is about to start; `offset` is where its own lines will begin. */
export async function openLog(home: string): Promise<{ file: FileHandle; offset: number }> {
  await limitLog(home)
  const file = await open(logFileOf(home), 'a', 0o600)
  return { file, offset: (await file.stat()).size }
}

/** Moves what is in a log of more than 10 MB to `postgres.log.1`; the server goes on writing to the same file. */
export async function limitLog(home: string): Promise<void> {
  const path = logFileOf(home)
  try {
    if ((await stat(path)).size < LIMIT) return
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  // A copy, not a rename: the server holds the file open (for appending, so that it goes on at the new end).
  await copyFile(path, `${path}.1`)
  await truncate(path)
}

/** The last thing PostgreSQL complained of after `offset`, without its time stamp; else its last line, or ''. */
export async function lastComplaint(home: string, offset: number): Promise<string> {
  const lines = (await readFrom(logFileOf(home), offset)).trim().split('\n')
  const complaint = lines.findLast((line) => /(FATAL|PANIC|ERROR|error while loading)/.test(line)) ?? lines.at(-1) ?? ''
  return complaint.replace(/^.*?(FATAL|PANIC|ERROR|LOG): +/, '').trim()
}

async function readFrom(path: string, offset: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const length = Math.max((await file.stat()).size - offset, 0)
    const start = offset + Math.max(length - 65_536, 0)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(65_536), position: start })
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await file.close()
  }
}
