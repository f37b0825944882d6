import { proto, type WAMessage } from '@whiskeysockets/baileys'
import { SendError } from '../send-error.ts'
import type { Line } from './line.ts'
import type { StoredFile } from './media-ref.ts'

const { ResultType } = proto.MediaRetryNotification

/**
 * Asks the telephone of who sent a file to upload it once more, and gives the path where it lies then. The telephone may be off: then
 * it is tried again later.
 * @throws {SendError} `gone` when nobody can be asked, or the telephone has it no longer.
 */
export async function askForFile(line: Line, file: StoredFile, signal: AbortSignal, gone: SendError): Promise<string> {
  const { message } = file
  if (!message) throw gone
  const { socket, timings } = line
  if (!socket) throw later('not_connected', 'The file has to be asked for where the number is connected')
  const { type, key: mediaKey, path, url } = file
  const asked: WAMessage = { key: message, message: { [`${type}Message`]: { mediaKey, directPath: path, url } } }
  const time = AbortSignal.any([signal, AbortSignal.timeout(timings.reupload)])
  const found = await Promise.race([socket.updateMediaMessage(asked).catch(refused), expired(time)])
  const { directPath } = found?.message?.[`${type}Message`] ?? {}
  if (!found) throw later('timeout', 'The telephone that sent the file did not answer')
  if (!directPath) throw gone
  return directPath

  function refused(error: unknown): WAMessage {
    if (resultOf(error) === ResultType.NOT_FOUND) throw gone
    throw later('unavailable', 'The telephone that sent the file could not upload it again', error)
  }
}

const later = (code: 'not_connected' | 'timeout' | 'unavailable', text: string, cause?: unknown) =>
  new SendError(code, text, { retryable: true, ...(cause !== undefined && { cause }) })

const expired = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })

/** Baileys throws with what the telephone answered: the decrypted notification, or the attributes of its error. */
function resultOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('data' in error)) return undefined
  const { data } = error
  if (typeof data !== 'object' || data === null) return undefined
  if ('result' in data) return Number(data.result)
  return 'code' in data ? Number(data.code) : undefined
}
