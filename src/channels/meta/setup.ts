import { z } from 'zod'
import type { MetaProfile } from '../canales.ts'
import { SendError } from '../send-error.ts'
import { createGraph, type GraphOptions } from './graph.ts'
import { GET_STARTED, SAY } from './messaging-content.ts'
import type { ConfiguredAccount } from './meta.ts'

/** One thing to be set for an account, and where it can be read back. */
export interface SetupStep {
  /** For who runs it: `messenger/default: greeting`. */
  what: string
  path: string
  body: object
  /** Path of the GET that shows how it is now. */
  shown: string
}

/** https://developers.facebook.com/docs/messenger-platform/webhooks#event-notifications */
const MESSENGER_FIELDS = [
  'messages',
  'message_edits',
  'message_echoes',
  'message_reactions',
  'message_deliveries',
  'message_reads',
  'messaging_postbacks',
  'messaging_referrals',
  'messaging_handovers',
  'standby',
]

/** What is said on the page in public (https://developers.facebook.com/docs/graph-api/webhooks/reference/page). */
const PAGE_FIELDS = ['feed', 'mention', 'ratings']

/** https://developers.facebook.com/docs/instagram-platform/webhooks */
const INSTAGRAM_FIELDS = [
  'messages',
  'message_edit',
  'message_reactions',
  'messaging_postbacks',
  'messaging_referral',
  'messaging_seen',
  'messaging_handover',
  'standby',
]

/** Comments below the account's posts, and where it is named. */
const INSTAGRAM_PUBLIC_FIELDS = ['comments', 'live_comments', 'mentions']

/** What there is to set for an account, in the order in which it works: a menu needs the Get Started button. */
export function setupSteps({ name, account }: ConfiguredAccount, profile: MetaProfile): SetupStep[] {
  const label = `${name}/${account.account}`
  if (name === 'whatsapp-cloud') return whatsAppSteps(label, account.id, profile)
  return name === 'messenger' ? messengerSteps(label, profile) : instagramSteps(label, profile)
}

function messengerSteps(label: string, { saludo, menu, preguntas }: MetaProfile): SetupStep[] {
  const set = (what: string, field: string, value: unknown) => profileStep(label, what, field, { [field]: value })
  return [
    set('Get Started button', 'get_started', { payload: GET_STARTED }),
    ...(saludo ? [set('greeting', 'greeting', [{ locale: 'default', text: saludo }])] : []),
    ...(menu.length > 0 ? [set('persistent menu', 'persistent_menu', [persistentMenu(menu)])] : []),
    ...(preguntas.length > 0 ? [set('ice breakers', 'ice_breakers', [iceBreakers(preguntas)])] : []),
    ...subscriptions(label, MESSENGER_FIELDS, PAGE_FIELDS),
  ]
}

function instagramSteps(label: string, { menu, preguntas }: MetaProfile): SetupStep[] {
  const set = (what: string, field: string, value: unknown) =>
    profileStep(label, what, field, { platform: 'instagram', [field]: value }, '&platform=instagram')
  return [
    ...(menu.length > 0 ? [set('persistent menu', 'persistent_menu', [persistentMenu(menu)])] : []),
    ...(preguntas.length > 0 ? [set('ice breakers', 'ice_breakers', [iceBreakers(preguntas)])] : []),
    ...subscriptions(label, INSTAGRAM_FIELDS, INSTAGRAM_PUBLIC_FIELDS),
  ]
}

/** A press of a prompt is a text of the person's. The number's webhook is subscribed in the app's settings, once for all numbers. */
function whatsAppSteps(label: string, id: string, { preguntas }: MetaProfile): SetupStep[] {
  if (preguntas.length === 0) return []
  const number = encodeURIComponent(id)
  return [
    {
      what: `${label}: ice breakers`,
      path: `${number}/conversational_automation`,
      body: { enable_welcome_message: false, prompts: preguntas.map(({ pregunta }) => pregunta) },
      shown: `${number}?fields=conversational_automation`,
    },
  ]
}

const profileStep = (label: string, what: string, field: string, body: object, more = ''): SetupStep => ({
  what: `${label}: ${what}`,
  path: 'me/messenger_profile',
  body,
  shown: `me/messenger_profile?fields=${field}${more}`,
})

/** Comments ask for more permissions than messages: refused, they take nothing away. The last list is the one that holds. */
const subscriptions = (label: string, messages: string[], comments: string[]): SetupStep[] => [
  subscription(`${label}: webhook subscription`, messages),
  subscription(`${label}: webhook subscription with comments and mentions`, [...messages, ...comments]),
]

const subscription = (what: string, fields: string[]): SetupStep => ({
  what,
  path: 'me/subscribed_apps',
  body: { subscribed_fields: fields },
  shown: 'me/subscribed_apps?fields=subscribed_fields',
})

const persistentMenu = (menu: MetaProfile['menu']) => ({
  locale: 'default',
  composer_input_disabled: false,
  call_to_actions: menu.map(({ titulo, dice }) => ({ type: 'postback', title: titulo, payload: `${SAY}${dice}` })),
})

const iceBreakers = (questions: MetaProfile['preguntas']) => ({
  locale: 'default',
  call_to_actions: questions.map(({ pregunta, dice }) => ({ question: pregunta, payload: `${SAY}${dice}` })),
})

/** What became of a step: how it is now by Meta's word, or why it could not be set. */
export type SetupResult = { what: string } & ({ now: unknown } | { failed: string })

/** Does the steps one after another, whatever becomes of each; `told` hears of each as it is done. Never rejects. */
export async function runSetup(
  steps: SetupStep[],
  options: Omit<GraphOptions, 'outcome'>,
  told: (result: SetupResult) => void,
  signal: AbortSignal,
): Promise<void> {
  const graph = createGraph({ ...options, outcome: () => undefined })
  for (const { what, path, body, shown } of steps) {
    try {
      await graph.post(path, body, z.object({}), signal)
      told({ what, now: await graph.get(shown, z.unknown(), signal) })
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      told({ what, failed: error.message })
    }
  }
}
