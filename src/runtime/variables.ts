import { z } from 'zod'

/** The parts of Canaliza that a process may play. */
export const ROLES = ['web', 'worker', 'whatsapp'] as const
export type Role = (typeof ROLES)[number]

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

// The error text of every schema says what is expected: it is printed after the name and the value that was given.
const matching = (pattern: RegExp, expected: string) => z.string({ error: expected }).regex(pattern, expected)
const url = (protocol: RegExp, expected: string) => z.url({ protocol, error: expected })
const webUrl = url(/^https?$/, 'a URL that begins with http:// or https://').transform((text) =>
  text.replace(/\/+$/, ''),
)
const identifier = matching(/^\S+$/, 'an identifier without spaces').optional()
const secret = (schema: z.ZodString | z.ZodURL) => schema.optional().meta({ secret: true })
const token = secret(matching(/^\S+$/, 'a token without spaces'))

const number = (pattern: RegExp, minimum: number, maximum: number, expected: string) =>
  matching(pattern, expected)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, expected)

const oneOf = <const Options extends readonly string[]>(options: Options) =>
  z.enum(options, `one of ${options.join(', ')}`)

const roles = z
  .string()
  .default(ROLES.join(','))
  .transform((text) => [...new Set(text.split(',').map((role) => role.trim()))])
  .pipe(z.array(z.enum(ROLES, `one or more of ${ROLES.join(', ')}, separated by commas`)))

/** Every variable that Canaliza reads, by its name: what it may be and what it is when absent. */
export const variables = z.object({
  PORT: number(/^\d+$/, 0, 65_535, 'a whole number from 0 to 65535').default(3000),
  HOST: matching(/^[\w.:-]+$/, 'a host name or an address to listen on').default('127.0.0.1'),
  PUBLIC_URL: webUrl.optional(),
  DATABASE_URL: secret(url(/^postgres(ql)?$/, 'a URL like postgres://user:password@host:5432/database')),
  REDIS_URL: secret(url(/^rediss?$/, 'a URL like redis://host:6379 or rediss://host:6379')),
  DATA_DIR: z.string().default('var'),
  SECRET_KEY: secret(matching(/^.{32,}$/, 'at least 32 characters, chosen at random')),
  ROLES: roles,
  STORAGE_URL: secret(url(/^(s3|file)$/, 'a URL like s3://key:secret@host/bucket?region=us-east-1 or file:///folder')),
  ADMIN_EMAIL: matching(/^[^\s@]+@[^\s@]+$/, 'an e-mail address').optional(),
  ADMIN_PASSWORD: secret(matching(/^.{12,}$/, 'at least 12 characters')),
  ADMIN_TOTP: oneOf(['required', 'optional']).default('required'),
  SMTP_URL: secret(url(/^smtps?$/, 'a URL like smtps://user:password@mail.example:465 or smtp://mail.example:587')),
  SMTP_FROM: matching(
    /^[^@\r\n]*[^\s@<]+@[^\s@>]+>?$/,
    'an address such as uac@example.gob.mx or Atención Ciudadana <uac@example.gob.mx>',
  ).optional(),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  SEND_RATE: number(/^\d+(\.\d+)?$/, 0, 10_000, 'messages per second, from 0 (no limit) to 10000').optional(),

  TELEGRAM_BOT_TOKEN: token,
  TELEGRAM_API_ROOT: webUrl.default('https://api.telegram.org'),
  TELEGRAM_MODE: oneOf(['polling', 'webhook']).default('polling'),
  // https://core.telegram.org/bots/api#setwebhook, secret_token
  TELEGRAM_WEBHOOK_SECRET: secret(matching(/^[\w-]{1,256}$/, '1 to 256 letters, digits, _ or -')),

  META_APP_SECRET: token,
  META_VERIFY_TOKEN: token,
  META_GRAPH_URL: webUrl.default('https://graph.facebook.com'),
  META_GRAPH_VERSION: matching(/^v\d+\.\d+$/, 'a version like v26.0').default('v26.0'),
  MESSENGER_PAGE_ID: identifier,
  MESSENGER_PAGE_TOKEN: token,
  INSTAGRAM_ACCOUNT_ID: identifier,
  WHATSAPP_CLOUD_PHONE_ID: identifier,
  WHATSAPP_CLOUD_TOKEN: token,

  WHATSAPP_ENABLED: z.stringbool({ error: 'true or false' }).default(false),
  WHATSAPP_WS_URL: url(/^wss?$/, 'a URL that begins with ws:// or wss://').optional(),
  WHATSAPP_PAIRING_PHONE: matching(/^\+?\d{10,15}$/, 'a phone number with country code, digits only').optional(),

  BOTFRAMEWORK_APP_ID: identifier,
  BOTFRAMEWORK_APP_PASSWORD: token,
  BOTFRAMEWORK_APP_TENANT: identifier,
  BOTFRAMEWORK_EMULATOR: z.stringbool({ error: 'true or false' }).default(false),
  BOTFRAMEWORK_OPENID_URL: webUrl.default('https://login.botframework.com/v1/.well-known/openidconfiguration'),
  BOTFRAMEWORK_LOGIN_URL: webUrl.default('https://login.microsoftonline.com'),
})

/** The name of a variable of Canaliza. */
export type VariableName = keyof typeof variables.shape

/** True for the names whose values are never printed. */
export function isSecret(name: string): boolean {
  const schema: z.ZodType | undefined = Object.entries(variables.shape).find(([known]) => known === name)?.[1]
  return schema?.meta()?.secret === true
}
