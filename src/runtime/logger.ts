import { type DestinationStream, type Logger, pino } from 'pino'

/** Fields that may hold what a citizen said or who they are, or a secret: never written. */
const REDACTED = [
  'text',
  'body',
  'name',
  'phone',
  'email',
  'token',
  'password',
  'authorization',
  'cookie',
  'secret',
  'answers',
]

/** The one logger; JSON lines on stdout (or `to`), readable ones on a terminal. Errors are written without the data they hold. */
export function createLogger(level: string, to?: DestinationStream): Logger {
  const paths = REDACTED.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
  const readable = to === undefined &&
    process.stdout.isTTY && {
      target: 'pino-pretty',
      options: { translateTime: 'HH:MM:ss', ignore: 'pid,hostname' },
    }
  const options = {
    level,
    redact: { paths, censor: '[oculto]' },
    base: { pid: process.pid },
    serializers: { err: describeError },
    ...(readable ? { transport: readable } : {}),
  }
  return to ? pino(options, to) : pino(options)
}

/** What may be told of an error beside its type, message and place. */
const TOLD = ['code', 'errno', 'syscall', 'address', 'port', 'status', 'statusCode', 'severity', 'table', 'constraint']
const OF_OURS = ['column', 'providerCode', 'retryable', 'retryAfter', 'outcomeUnknown']

/** Causes of causes beyond this depth are left out. */
const DEEPEST = 4

/**
 * An error for the log. PostgreSQL's repeat whole rows and values, in their detail, in their message and, by way of libraries, in
 * further lines of it; others carry what was sent. So: the first line of the message, the places, and fields known to hold no data.
 */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const fields = Object.entries(error).filter(([field]) => TOLD.includes(field) || OF_OURS.includes(field))
  const cause = error.cause ?? ('previous' in error ? error.previous : undefined)
  return {
    type: error.name === 'Error' || error.name === 'error' ? error.constructor.name : error.name,
    message: messageOf(error),
    ...Object.fromEntries(fields),
    stack: placesOf(error),
    ...(cause !== undefined && depth < DEEPEST && { cause: describeError(cause, depth + 1) }),
  }
}

/** Class 22 of SQLSTATE, "data exception": the message quotes the value. */
const DATA_EXCEPTION = /^22/

function messageOf(error: Error): string {
  const [first = ''] = error.message.split('\n')
  const quotes = 'code' in error && typeof error.code === 'string' && DATA_EXCEPTION.test(error.code)
  return quotes ? first.replace(/".*$/s, '[oculto]') : first
}

const placesOf = ({ stack = '' }: Error) =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
