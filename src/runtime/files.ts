import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Disk } from 'flydrive'
import { FSDriver } from 'flydrive/drivers/fs'
import { StartupProblem } from './problem.ts'

/** The place for bytes: a folder, or a bucket. */
export interface Files {
  put(key: string, bytes: Uint8Array, mime: string): Promise<void>
  get(key: string): Promise<Uint8Array>
  delete(key: string): Promise<void>
  /** Deletes all files below `prefix` (a folder, without a slash at the end) that were last written before; gives their number. */
  deleteOlder(prefix: string, before: Date): Promise<number>
}

/**
 * A folder under the data folder, or what STORAGE_URL names: `file:///folder`, or `s3://KEY:SECRET@host/bucket?region=…` for any S3
 * (`&insecure=true` without TLS).
 * @throws {StartupProblem} for a URL of another kind.
 */
export async function openFiles(dataDir: string, storageUrl: string | undefined): Promise<Files> {
  const disk = new Disk(await driverFor(storageUrl ? new URL(storageUrl) : pathToFileURL(resolve(dataDir, 'archivos'))))
  return {
    put: (key, bytes, mime) => disk.put(key, bytes, { contentType: mime, visibility: 'private' }),
    get: async (key) => new Uint8Array(await disk.getBytes(key)),
    delete: (key) => disk.delete(key),
    deleteOlder: (prefix, before) => deleteOlder(disk, prefix, before),
  }
}

async function deleteOlder(disk: Disk, prefix: string, before: Date): Promise<number> {
  let deleted = 0
  let page: string | undefined
  do {
    const list = await disk.listAll(prefix, { recursive: true, ...(page && { paginationToken: page }) })
    for (const object of list.objects) {
      if (!object.isFile || (await object.getMetaData()).lastModified >= before) continue
      await disk.delete(object.key)
      deleted++
    }
    page = list.paginationToken
  } while (page)
  return deleted
}

async function driverFor(url: URL) {
  if (url.protocol === 'file:') return folderDriver(fileURLToPath(url))
  if (url.protocol === 's3:') return s3Driver(url)
  throw new StartupProblem(`STORAGE_URL must begin with s3:// or file:// (it begins with ${url.protocol}//).`)
}

async function folderDriver(folder: string) {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return new FSDriver({ location: pathToFileURL(`${folder}/`), visibility: 'private' })
}

async function s3Driver(url: URL) {
  // Loaded only when used: the client of S3 is large.
  const { S3Driver } = await import('flydrive/drivers/s3')
  const insecure = url.searchParams.get('insecure') === 'true'
  return new S3Driver({
    credentials: { accessKeyId: decodeURIComponent(url.username), secretAccessKey: decodeURIComponent(url.password) },
    endpoint: `${insecure ? 'http' : 'https'}://${url.host}`,
    region: url.searchParams.get('region') ?? 'us-east-1',
    bucket: url.pathname.slice(1),
    forcePathStyle: true,
    supportsACL: false,
    visibility: 'private',
  })
}
