import type { FastifyError, FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { isDatabaseAway } from '../../runtime/database-away.ts'
import { HttpProblem, sendProblem } from '../../runtime/http.ts'

/**
 * Our codes by their status; those of Direct Line where it documents one
 * (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-direct-line-3-0-api-reference).
 */
const STATUS = {
  BadArgument: 400,
  MissingToken: 401,
  InvalidToken: 403,
  TokenExpired: 403,
  OriginNotAllowed: 403,
  ConversationEnded: 404,
  NotFound: 404,
  MessageSizeTooBig: 413,
  UnsupportedMediaType: 415,
  TooManyRequests: 429,
  ServiceError: 500,
  ServiceUnavailable: 503,
} as const

type Code = keyof typeof STATUS

const CODES = new Map<number, Code>([
  [401, 'MissingToken'],
  [404, 'NotFound'],
  [413, 'MessageSizeTooBig'],
  [415, 'UnsupportedMediaType'],
  [429, 'TooManyRequests'],
])

/** An error to be thrown by a route; `retryAfter` in seconds. */
export function refuse(code: Code, detail: string, retryAfter?: number): HttpProblem {
  const extra = retryAfter === undefined ? {} : { retryAfter }
  return new HttpProblem(STATUS[code], detail, { error: { code, message: detail }, ...extra })
}

/** What a client sent, checked. @throws {HttpProblem} 400 that says what is wrong. */
export function accept<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const { data, error } = schema.safeParse(input)
  if (error) throw refuse('BadArgument', error.issues.map(describe).join('; '))
  return data
}

const describe = ({ path, message }: z.core.$ZodIssue): string =>
  path.length > 0 ? `${path.join('.')}: ${message}` : message

/** Answers so that both Direct Line's `{error: {code, message}}` and RFC 9457 are satisfied. */
export function answerError(error: FastifyError | HttpProblem, log: Logger, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error)
  if (problem.status >= 500 && problem.status !== 503) log.error({ err: error }, 'a request of the web chat failed')
  return sendProblem(reply, problem.status, problem.message, problem.extra)
}

const away = () => refuse('ServiceUnavailable', 'The database does not answer; try again shortly.', 5)

function toProblem(error: FastifyError | HttpProblem): HttpProblem {
  if (error instanceof HttpProblem) return error.status === 503 && !('error' in error.extra) ? away() : error
  if (isDatabaseAway(error)) return away()
  const status = error.statusCode ?? 500
  if (status >= 500) return refuse('ServiceError', 'Something failed on our side; it was noted.')
  return refuse(CODES.get(status) ?? 'BadArgument', error.message)
}
