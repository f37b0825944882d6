import { type Logger, pino } from 'pino'

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

/** The one logger; JSON lines on stdout, readable ones on a terminal. */
export function createLogger(level: string): Logger {
  const paths = REDACTED.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
  const readable = process.stdout.isTTY && {
    target: 'pino-pretty',
    options: { translateTime: 'HH:MM:ss', ignore: 'pid,hostname' },
  }
  return pino({
    level,
    redact: { paths, censor: '[oculto]' },
    base: { pid: process.pid },
    ...(readable ? { transport: readable } : {}),
  })
}
