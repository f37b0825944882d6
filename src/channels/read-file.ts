import type { ChannelContext } from './channel.ts'
import { SendError } from './send-error.ts'

/** The bytes of a file of ours that is to be sent. @throws {SendError} `unavailable`, to be tried again. */
export async function readFile({ files }: Pick<ChannelContext, 'files'>, key: string): Promise<Uint8Array> {
  try {
    return await files.get(key)
  } catch (cause) {
    throw new SendError('unavailable', 'The file to send cannot be read from the storage', { retryable: true, cause })
  }
}
