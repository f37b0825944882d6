import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import { createDurably } from '../../runtime/durable-file.ts'
import type { SecretBox } from '../../runtime/secret-box.ts'
import type { InboundMessage } from '../message.ts'

/** Messages on disk that the database could not take, in the order in which they came. */
export interface Spool {
  /** Resolves when they would survive a power cut. */
  put(messages: InboundMessage[]): Promise<void>
  /** The batches that wait, oldest first. */
  batches(): Promise<Batch[]>
  readonly isEmpty: boolean
}

/** A file of the spool. */
export interface Batch {
  messages: InboundMessage[]
  /** They are stored. */
  done(): Promise<void>
  /** They cannot be stored: the file is kept beside the spool for somebody to look at. */
  setAside(): Promise<void>
}

const BATCH = /^\d{12}$/

const message = z.looseObject({ externalId: z.string(), sentAt: z.coerce.date() })

/** Opens the spool in a folder of its own. Two processes may put into one folder; their files do not collide. */
export async function openSpool(folder: string, box: SecretBox, log: Logger): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = async () => (await readdir(folder)).filter((name) => BATCH.test(name)).sort()
  const known = await names()
  let last = Number(known.at(-1) ?? 0)
  let waiting = known.length

  const open = async (name: string): Promise<Batch> => {
    const path = join(folder, name)
    const leave = (how: Promise<void>) => how.then(() => void waiting--)
    const sealed = Buffer.from(await readFile(path, 'utf8'), 'base64')
    return {
      messages: isMessages(JSON.parse(box.open(sealed, 'spool').toString())),
      done: () => leave(rm(path)),
      setAside: () => leave(rename(path, `${path}.refused`)),
    }
  }

  /** Sealed with another key, or broken: kept for somebody to look at. */
  const refuse = async (name: string, error: unknown) => {
    log.error({ err: error, folder, name }, 'a file of waiting messages cannot be read; it is set aside')
    await rename(join(folder, name), join(folder, `${name}.refused`))
    waiting -= 1
    return undefined
  }

  return {
    async put(messages) {
      const text = box.seal(Buffer.from(JSON.stringify(messages)), 'spool').toString('base64')
      do last += 1
      while (!(await createDurably(join(folder, String(last).padStart(12, '0')), text)))
      waiting += 1
    },
    async batches() {
      const found = await names()
      waiting = found.length
      const batches = await Promise.all(found.map((name) => open(name).catch((error) => refuse(name, error))))
      return batches.filter((batch) => batch !== undefined)
    },
    get isEmpty() {
      return waiting === 0
    },
  }
}

/** They were written by us and sealed: only the dates have to be made dates again. */
function isMessages(value: unknown): InboundMessage[] {
  const list: unknown[] = z.array(message).parse(value)
  return list.filter((one): one is InboundMessage => typeof one === 'object')
}
