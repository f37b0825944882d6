import { z } from 'zod'
import type { HasMedia } from '../channel.ts'
import { SendError } from '../send-error.ts'
import type { TelegramApi } from './api.ts'

/** Bytes that `getFile` serves at most (https://core.telegram.org/bots/api#getfile). */
const LARGEST = 20 * 1024 * 1024

const telegramFile = z.object({ file_path: z.string().optional(), file_size: z.number().optional() })

/** The bytes behind a `file_id`: its path is asked for and lives an hour, so each fetch asks anew. */
export function createFetchMedia(api: TelegramApi): HasMedia['fetchMedia'] {
  return async (media, signal) => {
    const file = await api.call('getFile', { file_id: media.ref }, telegramFile, signal)
    if ((file.file_size ?? 0) > LARGEST) throw tooLarge()
    if (file.file_path === undefined) {
      throw new SendError('unavailable', 'Telegram has no path for the file now', { retryable: true })
    }
    const response = await api.download(file.file_path, signal)
    if (Number(response.headers.get('content-length') ?? 0) > LARGEST) {
      await response.body?.cancel()
      throw tooLarge()
    }
    return {
      body: response.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() }),
      ...(media.mime && { mime: media.mime }),
      ...(media.fileName && { fileName: media.fileName }),
    }
  }
}

const tooLarge = () =>
  new SendError('invalid', 'The file is larger than the 20 MB that Telegram serves', { retryable: false })
