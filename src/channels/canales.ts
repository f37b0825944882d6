import { z } from 'zod'
import { StartupProblem } from '../runtime/problem.ts'

const text = z.string().trim().min(1)
const rate = z.number().min(0).max(10_000)

const ACCOUNT = /^[a-z0-9][a-z0-9-]{0,30}$/
const account = z
  .string()
  .regex(ACCOUNT, 'expected a short name of small letters, digits and -, such as avisos')
  .refine(
    (name) => name !== 'default',
    'expected another name: the account "default" is made of the environment variables',
  )

/** What every account has beside its credentials. */
const own = {
  account,
  rate: rate.optional(),
  // The account whose conversations this one takes over; that one is configured no more.
  replaces: z.union([z.literal('default'), account]).optional(),
}

/** A list of accounts whose names differ. */
function accounts<Entry extends { account: string }>(entry: z.ZodType<Entry>) {
  return z
    .array(entry)
    .default([])
    .superRefine((list, context) => {
      const names = list.map((one) => one.account)
      for (const [at, name] of names.entries()) {
        if (names.indexOf(name) === at) continue
        context.addIssue({
          code: 'custom',
          path: [at, 'account'],
          message: 'expected a name that no account above has',
        })
      }
    })
}

const origen = z
  .string()
  .regex(
    /^(\*|https?:\/\/[a-z0-9.-]+(:\d+)?)$/,
    'expected a site such as https://www.altamira.gob.mx, without a path or a slash at the end',
  )

const telegram = accounts(
  z.strictObject({
    ...own,
    token: text,
    mode: z.enum(['polling', 'webhook']).default('polling'),
    // https://core.telegram.org/bots/api#setwebhook, secret_token
    webhook_secret: z
      .string()
      .regex(/^[\w-]{1,256}$/, 'expected 1 to 256 letters, digits, _ or -')
      .optional(),
  }),
)

const plantilla = z.strictObject({
  nombre: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, 'expected the name of an approved template: small letters, digits and _'),
  idioma: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'expected a language such as es_MX'),
  parametros: z.array(text).default(['{texto}']),
})

/** What the platforms of Meta show around a conversation; `dice` is what a press means, as if it had been written. */
const meta = z.strictObject({
  // https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages
  lista: text.max(20, 'expected at most 20 characters').default('☰'),
  // https://developers.facebook.com/docs/messenger-platform/reference/messenger-profile-api/greeting
  saludo: text.max(160, 'expected at most 160 characters').optional(),
  // https://developers.facebook.com/docs/messenger-platform/reference/messenger-profile-api/persistent-menu
  menu: z
    .array(z.strictObject({ titulo: text.max(30, 'expected at most 30 characters'), dice: text.max(100) }))
    .max(20, 'expected at most 20 entries')
    .default([]),
  // https://developers.facebook.com/docs/messenger-platform/reference/messenger-profile-api/ice-breakers
  preguntas: z
    .array(z.strictObject({ pregunta: text.max(80, 'expected at most 80 characters'), dice: text.max(100) }))
    .max(4, 'expected at most 4 entries')
    .default([]),
  // https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
  plantilla: plantilla.optional(),
  // https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
  plantilla_messenger: plantilla.optional(),
  // https://developers.facebook.com/docs/features-reference/human-agent
  agente_humano: z.boolean().default(false),
  // https://developers.facebook.com/docs/messenger-platform/handover-protocol/pass-thread-control
  pasar_a_bandeja: z.boolean().default(false),
})

/** Where people of the social networks are invited to write in private, beside Messenger and the web chat. */
const redes = z.strictObject({
  // https://faq.whatsapp.com/5913398998672934
  whatsapp: z
    .string()
    .regex(/^\d{10,15}$/, 'expected a phone number in quotes, with country code and digits alone')
    .optional(),
  // https://developers.facebook.com/docs/messenger-platform/instagram/features/ig-me-links
  instagram: z
    .string()
    .regex(/^[\w.]{1,30}$/, 'expected the name of the account, without @')
    .optional(),
})

/** Messages a second for every account of a channel that has no rate of its own; 0 lifts the limit. */
const rates = z.strictObject({
  'web-chat': rate.optional(),
  telegram: rate.optional(),
  whatsapp: rate.optional(),
  'whatsapp-cloud': rate.optional(),
  messenger: rate.optional(),
  instagram: rate.optional(),
  'bot-framework': rate.optional(),
})

/** config/canales.yaml: accounts beside those named `default`, rates, and the sites that may embed the web chat. All optional. */
export const canalesSchema = z.strictObject({
  rates: rates.default({}),
  'web-chat': z.strictObject({ origenes: z.array(origen).default([]) }).default({ origenes: [] }),
  meta: meta.default({ lista: '☰', menu: [], preguntas: [], agente_humano: false, pasar_a_bandeja: false }),
  redes: redes.default({}),
  telegram,
  whatsapp: accounts(
    z.strictObject({
      ...own,
      pairing_phone: z
        .string()
        .regex(/^\+?\d{10,15}$/, 'expected a phone number in quotes, with country code')
        .optional(),
    }),
  ),
  'whatsapp-cloud': accounts(z.strictObject({ ...own, phone_id: text, token: text })),
  messenger: accounts(z.strictObject({ ...own, page_id: text, page_token: text })),
  instagram: accounts(z.strictObject({ ...own, instagram_id: text, token: text })),
  'bot-framework': accounts(z.strictObject({ ...own, app_id: text, app_password: text, app_tenant: text.optional() })),
})

/** What Meta's channels show and may do beside their accounts. */
export type MetaProfile = z.output<typeof meta>
/** The channel accounts of this installation, validated, with their secrets in place. */
export type Canales = z.output<typeof canalesSchema>
/** The name of a channel that may be configured. */
export type ConfiguredChannel = keyof Canales['rates']

/** Messages a second of one account as configured; undefined means the platform's own rate. */
export function configuredRate(canales: Canales, channel: ConfiguredChannel, account: string): number | undefined {
  const list: readonly { account: string; rate?: number | undefined }[] = channel === 'web-chat' ? [] : canales[channel]
  return list.find((one) => one.account === account)?.rate ?? canales.rates[channel]
}

/** An account that takes over the conversations of another one of its channel. */
export interface Replacement {
  channel: string
  from: string
  to: string
}

/**
 * The accounts that take over others, in the order of the file.
 * @throws {StartupProblem} for one whose predecessor `isThere` still: people would go on writing to it.
 */
export function replacementsOf(
  canales: Canales,
  isThere: (channel: string, account: string) => boolean,
): Replacement[] {
  const all = allReplacements(canales)
  const early = all.find(({ channel, from }) => isThere(channel, from))
  if (!early) return all
  const { channel, from, to } = early
  throw new StartupProblem(
    `config/canales.yaml: the account ${to} of ${channel} replaces ${from}, which is still configured. Take one of the two out.`,
  )
}

function allReplacements(canales: Canales): Replacement[] {
  const { telegram, whatsapp, messenger, instagram } = canales
  const lists = {
    telegram,
    whatsapp,
    messenger,
    instagram,
    'whatsapp-cloud': canales['whatsapp-cloud'],
    'bot-framework': canales['bot-framework'],
  }
  return Object.entries(lists).flatMap(([channel, list]) =>
    list.flatMap(({ account: to, replaces: from }) => (from === undefined ? [] : [{ channel, from, to }])),
  )
}
