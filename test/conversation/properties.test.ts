import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { InboundMessage, MediaKind, MessageKind } from '../../src/channels/message.ts'
import { MENU } from '../../src/conversation/ask.ts'
import { fieldsOf } from '../../src/conversation/memory.ts'
import type { ConversationState, Turn } from '../../src/conversation/state.ts'
import { newTalk, speak, type Talk } from './talk.ts'

type Said = string | Partial<InboundMessage>

/** What citizens say: stories, answers, words that work everywhere, nonsense. */
const WORDS = [
  ...[
    'hay un bache en mi calle',
    'no ha pasado la basura en la colonia Miramar',
    'huele a gas',
    'no hay luz en mi casa',
  ],
  ...['tiran basura en un terreno baldío', 'quiero una despensa', 'un policía me pidió dinero', 'ay un tuvo roto'],
  ...['1', '2', '3', '4', '5', '6', '7', '0', 'dos', 'si', 'no', 'listo', 'omitir', 'no lo tengo', 'igual', 'seguir'],
  ...[
    'Miramar',
    'laguna de la puerte',
    'Las Quintas',
    'Hidalgo 5',
    'sin número',
    'Ana Ruiz',
    '833 123 4567',
    'ana@x.mx',
  ],
  ...['anónimo', 'con mis datos', 'registrar', 'corregir', 'la calle', 'ver todos los temas', 'otra cosa', 'ayer'],
  ...['menú', 'atrás', 'ayuda', 'folio', 'privacidad', 'baja', 'alta', 'hola', 'gracias', 'borrar', 'guardar'],
  ...[
    'UAC-26-004217-4',
    'UAC-26-004217-4 ABCD2345',
    '26-004217-9',
    'qwerty',
    '',
    ' ',
    '🙏',
    'acepto',
    'leer más',
    'no acepto',
  ],
]

const MEDIA: MediaKind[] = ['image', 'voice', 'audio', 'video', 'document', 'sticker']
const ODD: MessageKind[] = ['edit', 'delete', 'reaction', 'unsupported', 'start', 'blocked', 'unblocked', 'returned']

const words = fc.constantFrom(...WORDS)
const burst = fc.array(words, { minLength: 2, maxLength: 3 }).map((lines) => lines.join('\n'))
const media = fc
  .record({
    kind: fc.constantFrom(...MEDIA),
    attachmentId: fc.uuid(),
    text: fc.option(words, { nil: '' }),
    kept: fc.boolean(),
  })
  .map(
    ({ kind, attachmentId, text, kept }): Said => ({
      kind,
      text,
      media: [{ kind, ref: 'r', ...(kept && { attachmentId }) }],
    }),
  )
const place = fc
  .record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  })
  .map((location): Said => ({ kind: 'location', location }))
const contact = fc
  .record({ phone: fc.constantFrom('8331234567', '+15551234567', 'x'), own: fc.boolean() })
  .map((card): Said => ({ kind: 'contact', contact: card }))
const odd = fc.record({ kind: fc.constantFrom(...ODD), text: fc.string() }).map((one): Said => one)
/** The n-th option last shown, or a press of nothing that exists. */
const press = fc.oneof(fc.nat(8), fc.string()).map((which) => ({ which }))

const said = fc.oneof(
  { weight: 8, arbitrary: words },
  { weight: 6, arbitrary: press },
  { weight: 2, arbitrary: media },
  { weight: 1, arbitrary: place },
  { weight: 1, arbitrary: contact },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: burst },
  { weight: 1, arbitrary: fc.string() },
)

/** Hours that pass, and a person of the staff who takes the talk: what has happened when the citizen writes again. */
const elsewhere = fc.oneof(
  fc.record({ hours: fc.integer({ min: 1, max: 200 }) }),
  fc.constant<Elsewhere>({ staff: 'takes' }),
)

/** Opens the talk also to what does not come from the citizen. */
const anything = fc.oneof({ weight: 6, arbitrary: said }, { weight: 1, arbitrary: elsewhere })

type Elsewhere = { hours: number } | { staff: 'takes' }

type Step = Said | { which: number | string }

const isPress = (step: Step): step is { which: number | string } => typeof step === 'object' && 'which' in step

function toSaid(step: Step, shown: string[]): Said {
  if (!isPress(step)) return step
  const id = typeof step.which === 'number' ? (shown[step.which % Math.max(shown.length, 1)] ?? 'x') : step.which
  return { kind: 'choice', choice: { id } }
}

const RUNS = { numRuns: 100, seed: 26 }

/** Says it all; after every turn `check` looks at what was before and after. */
async function converse(
  accepted: boolean,
  steps: Step[],
  check: (before: ConversationState, turn: Turn, talk: Talk) => void,
): Promise<void> {
  const talk = newTalk(accepted)
  let shown: string[] = []
  for (const step of steps) {
    const before = talk.state
    const turn = await speak(talk, toSaid(step, shown))
    shown = turn.replies.flatMap(({ options = [] }) => options.map(({ id }) => id))
    check(before, turn, talk)
    // A person would otherwise end every run early.
    if (talk.state.mode === 'human')
      talk.state = (await talk.conversations.returnToBot(talk.state, talk.services)).conversation
  }
}

/** What is answered to nothing: thanks, emoji, stickers, reactions, what the platform tells of itself, and what cannot be read. */
const needsAnAnswer = (said: Said): boolean =>
  typeof said === 'string' && /\p{L}{3}/u.test(said) && !/gracias/i.test(said)

const isElsewhere = (one: Step | Elsewhere): one is Elsewhere =>
  typeof one === 'object' && ('hours' in one || 'staff' in one)

/** Menus that stand open at once; an offer may hold several options, but it is one question. */
const menusIn = ({ replies }: Turn): number => replies.filter(({ options = [] }) => options.length > 0).length

/** A burst that ends with a word that works everywhere is an answer and a command: each is answered. */
const questionsFor = (message: Said): number => (typeof message === 'string' && message.includes('\n') ? 2 : 1)

/** Time passes, or a person takes the talk and gives it back after the citizen wrote to them. */
async function happen(one: Elsewhere, talk: Talk): Promise<void> {
  if ('hours' in one) {
    talk.clock += one.hours * 3_600_000
    return
  }
  talk.state = { ...talk.state, mode: 'human' }
  const { replies } = await speak(talk, 'aquí sigo')
  for (const { options = [] } of replies) expect(options).toEqual([])
  talk.state = (await talk.conversations.returnToBot(talk.state, talk.services)).conversation
}

describe('any sequence of messages', () => {
  test('is answered with one question at a time, whatever time passed or whoever took the talk', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.oneof(anything, elsewhere), { maxLength: 25 }),
        async (accepted, steps) => {
          const talk = newTalk(accepted)
          let shown: string[] = []
          for (const one of steps) {
            if (isElsewhere(one)) {
              await happen(one, talk)
              shown = []
              continue
            }
            const message = toSaid(one, shown)
            const turn = await speak(talk, message)
            shown = turn.replies.flatMap(({ options = [] }) => options.map(({ id }) => id))
            expect(menusIn(turn)).toBeLessThanOrEqual(questionsFor(message))
            if (needsAnAnswer(message)) expect(turn.replies.length).toBeGreaterThan(0)
            if (talk.state.mode === 'human')
              talk.state = (await talk.conversations.returnToBot(talk.state, talk.services)).conversation
          }
        },
      ),
      RUNS,
    )
  })

  test('is answered without failing, with menus of at most seven options that every channel can carry', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(said, { maxLength: 40 }), (accepted, steps) =>
        converse(accepted, steps, (_before, turn) => {
          for (const { options = [], text } of turn.replies) {
            expect(options.length).toBeLessThanOrEqual(MENU)
            for (const { id, label } of options) {
              expect(Buffer.byteLength(id)).toBeLessThanOrEqual(64)
              expect(label).not.toBe('')
            }
            expect(text ?? '').not.toMatch(/undefined|\{\w+\}|\[object/)
          }
        }),
      ),
      RUNS,
    )
  })

  test('always leaves a way to the menu, to cancel and to a person', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(said, { maxLength: 25 }), async (accepted, steps) => {
        const talk = newTalk(accepted)
        await converse(accepted, steps, (_before, turn) => {
          talk.state = turn.conversation
        })
        const from = { ...talk.state, mode: 'bot' as const }
        const saying = async (word: string) => {
          talk.state = from
          return (await speak(talk, word)).conversation
        }
        expect((await saying('asesor')).mode).toBe('human')
        expect((await saying('menú')).flow).toBe(from.avisoVersion === null ? 'bienvenida' : 'menu')
        const cancelled = await saying('cancelar')
        expect(['cancelar', 'menu', 'bienvenida', null]).toContain(cancelled.flow)
      }),
      RUNS,
    )
  })

  test('never loses what was said of a petition, unless it was corrected, cancelled, or registered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(said, { maxLength: 40 }), (steps) => {
        let count = 0
        return converse(true, steps, (before, turn, talk) => {
          const registered = talk.memory.registradas.length > count
          count = talk.memory.registradas.length
          if (before.flow !== 'registrar' || registered || ['orientacion', 'fuera'].includes(before.step ?? '')) return
          const { answers, drafts } = turn.conversation
          const kept = [answers, ...drafts.map((draft) => draft.answers)].map(fieldsOf)
          const fields = Object.keys(fieldsOf(before.answers)).filter((name) => !mayChange(name, before.step))
          expect(kept.some((one) => fields.every((name) => one[name] !== undefined))).toBe(true)
        })
      }),
      RUNS,
    )
  })

  test('gives the same answer when the same state hears the same message again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(said, { maxLength: 12 }), async (steps) => {
        const heard = async () => {
          const turns: Turn[] = []
          await converse(true, steps, (_before, turn) => void turns.push(turn))
          return JSON.stringify(turns)
        }
        expect(await heard()).toBe(await heard())
      }),
      { numRuns: 40, seed: 26 },
    )
  })
})

/** Notes of the way, not answers. */
const NOTES = [
  'desde',
  'verTemas',
  'tema',
  'pagina',
  'pista',
  'llego',
  'coloniaEscrita',
  'faltan',
  'sinLugar',
  'fotosPedidas',
  'fotosListas',
  'evidente',
]

/** What answering these questions again takes back. */
const CORRECTED: Readonly<Record<string, string[]>> = {
  asunto: ['categoria', 'orientada'],
  categoria: ['categoria', 'orientada'],
  cosas: ['cosas'],
  sin_anonimato: ['categoria', 'orientada'],
  // Who says another subject where the place is asked for puts right what was taken for evident.
  lugar: ['colonia', 'categoria', 'orientada'],
  colonia_cual: ['colonia'],
  fotos: ['adjuntos'],
}

const mayChange = (field: string, step: string | null): boolean =>
  NOTES.includes(field) || (CORRECTED[step ?? ''] ?? []).includes(field)
