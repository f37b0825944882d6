import { Telegram } from 'telegraf'
import { z } from 'zod'
import { SendError } from '../send-error.ts'
import { classifyAnswer, toSendError } from './api-errors.ts'

/** The Bot API as we use it: one method, one answer checked by its schema. Every failure is a SendError. */
export interface TelegramApi {
  /** @throws {SendError} */
  call<T>(method: string, payload: object, answer: z.ZodType<T>, signal: AbortSignal): Promise<T>
  /**
   * The bytes of a file by the path that `getFile` gave; the address holds the token, so it stays in here.
   * @throws {SendError}
   */
  download(path: string, signal: AbortSignal): Promise<Response>
}

/**
 * Telegraf's types name the methods of Bot API 7; answers are checked by schema instead, of whatever version.
 * Its AbortSignal is typed by an old polyfill, hence `object`; node-fetch takes Node's own.
 */
interface Caller {
  callApi(method: string, payload: object, options: object): Promise<unknown>
}

/** A path as Telegram gives it: folders and a name, nothing that leads elsewhere. */
const FILE_PATH = /^(?!.*\.\.)[\w-][\w./ -]*$/

/** @param root the address before `/bot<token>/…`; a Bot API server of one's own, or Telegram's. */
export function createTelegramApi(token: string, root: string): TelegramApi {
  const caller: Caller = new Telegram(token, { apiRoot: root })
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw toSendError(error, token)
    }
  }
  return {
    call: (method, payload, answer, signal) =>
      guarded(async () => {
        if (signal.aborted) throw new SendError('timeout', 'There was no time left to call', { retryable: true })
        const result = answer.safeParse(await caller.callApi(method, payload, { signal }))
        if (result.success) return result.data
        throw unreadable(method, z.prettifyError(result.error))
      }),
    download: (path, signal) =>
      guarded(async () => {
        if (!FILE_PATH.test(path)) throw unreadable('getFile', 'a path that is none')
        const address = new URL(`/file/bot${token}/${encodeURI(path)}`, root)
        const response = await fetch(address, { signal, redirect: 'error' })
        if (!response.ok) throw classifyAnswer(response.status, response.statusText)
        return response
      }),
  }
}

const unreadable = (method: string, why: string) =>
  new SendError('unavailable', `Telegram's answer to ${method} is not as documented: ${why}`, {
    retryable: true,
    outcomeUnknown: true,
  })
