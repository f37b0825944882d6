import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MENU } from '../../src/conversation/ask.ts'
import { fieldsOf } from '../../src/conversation/memory.ts'
import type { ConversationState, Turn } from '../../src/conversation/state.ts'
import { pasar } from '../../src/workflow/memory/memory-seguimiento.ts'
import { newTalk, settings, speak, speakAll, type Talk } from './talk.ts'

const BACHE = 'hay un bache muy grande en la calle Hidalgo 5 colonia Miramar'

/** Something of theirs is asked about: the survey, or the question of an enlace. */
async function asked(flow: 'encuesta' | 'contestar'): Promise<Talk> {
  const talk = newTalk(true)
  await speakAll(talk, [BACHE, 'si'])
  const [una] = talk.memory.registradas
  const folio = una?.vista.folio ?? ''
  if (una && flow === 'encuesta') pasar(una, 'VALIDADO', settings.mensajes)
  if (flow === 'contestar') talk.memory.preguntas.set(folio, '¿De qué color es la casa?')
  const turn = await talk.conversations.propose(talk.state, { to: 'flow', flow, answers: { folio } }, talk.services)
  if (turn) talk.state = turn.conversation
  return talk
}

/** Others reported the same near by. */
async function nearBy(metros: readonly number[]): Promise<Talk> {
  const talk = newTalk(true)
  const una = { asunto: 'Bache', estado: 'PROCESO', estadoTexto: 'En proceso', vecinos: 3, propia: false } as const
  for (const [at, lejos] of metros.entries()) {
    const registradaEl = new Date(talk.clock - 86_400_000)
    talk.memory.cercanas.push({
      categoria: 'BACHEO',
      una: { ...una, folio: `UAC-26-00380${at}-4`, metros: lejos, registradaEl },
    })
  }
  await speak(talk, BACHE)
  return talk
}

/** The municipality knows of it already. */
async function known(): Promise<Talk> {
  const talk = newTalk(true)
  const aviso = { id: 1, texto: 'No hay agua en Miramar.', hasta: new Date(talk.clock + 6 * 3_600_000) }
  talk.memory.avisosActivos.push({ categoria: 'AGUA_FALTA', colonia: 'Miramar', aviso })
  await speak(talk, 'no hay agua en la calle Hidalgo 5 colonia Miramar')
  return talk
}

const BEGINNINGS: Readonly<Record<string, () => Promise<Talk>>> = {
  'the survey': () => asked('encuesta'),
  'the question of an enlace': () => asked('contestar'),
  'one duplicate near by': () => nearBy([80]),
  'several duplicates near by': () => nearBy([30, 120]),
  'an active notice': known,
}

const WORDS = [
  ...['si', 'no', '1', '2', '3', '4', '5', 'es ese mismo', 'es otro', 'gracias', 'ya quedó', 'no, siguen sin pasar'],
  ...['quedó mal hecho', 'avísenme', 'reabrir', 'es azul', 'no hay luz en mi casa', 'tiran basura', 'qwerty', '', '🙏'],
  ...['menú', 'atrás', 'ayuda', 'folio', 'mis folios', 'hola', 'omitir', 'borrar', 'otra cosa', 'seguir', 'anónimo'],
  ...['huele a gas', 'si\nmenú', 'es azul\nasesor', 'miramar', 'cancelar', 'no sé'],
]

const steps = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.nat(6)), { maxLength: 8 })

/** What was told of a report, and no answer to these questions takes back. */
const TOLD = ['descripcion', 'calle', 'numero'] as const
/** Here a report may end without a folio: somebody else's is followed, or what is known is enough. */
const ENDS = new Set(['cercana', 'aviso_activo', 'fuera', 'orientacion'])

function keepsWhatWasTold(before: ConversationState, { conversation: after }: Turn, registered: boolean): void {
  if (before.flow === 'cancelar' || before.flow === 'retomar' || registered) return
  if (before.flow === 'registrar' && !ENDS.has(before.step ?? '')) {
    const told = TOLD.filter((name) => fieldsOf(before.answers)[name] !== undefined)
    const kept = [after.answers, ...after.drafts.map(({ answers }) => answers)].map(fieldsOf)
    expect(kept.some((one) => told.every((name) => one[name] !== undefined))).toBe(true)
  }
  if (before.flow === 'encuesta' && after.flow === 'encuesta')
    expect(fieldsOf(after.answers).folio).toBe(fieldsOf(before.answers).folio)
}

/** Whatever the survey was told is kept outside of the conversation at once. */
const opinions = ({ memory }: Talk): number => memory.hechos.filter((hecho) => 'opina' in hecho).length

async function sayAll(talk: Talk, all: readonly (string | number)[]): Promise<void> {
  let shown: string[] = []
  for (const one of all) {
    const before = talk.state
    const [registered, told] = [talk.memory.registradas.length, opinions(talk)]
    const id = typeof one === 'number' ? (shown[one % Math.max(1, shown.length)] ?? 'x') : ''
    const turn = await speak(talk, typeof one === 'number' ? { kind: 'choice', choice: { id } } : one)
    shown = turn.replies.flatMap(({ options = [] }) => options.map((option) => option.id))
    for (const { options = [], text } of turn.replies) {
      expect(options.length).toBeLessThanOrEqual(MENU)
      expect(text ?? '').not.toMatch(/undefined|\{\w+\}|\[object/)
    }
    keepsWhatWasTold(before, turn, talk.memory.registradas.length > registered)
    expect(opinions(talk)).toBeGreaterThanOrEqual(told)
    if (talk.state.mode === 'human')
      talk.state = (await talk.conversations.returnToBot(talk.state, talk.services)).conversation
  }
}

test.each(Object.entries(BEGINNINGS))(
  'after %s nothing fails nor is lost, and there is a way out',
  async (_name, begin) => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const talk = await begin()
        await sayAll(talk, all)
        const from = { ...talk.state, mode: 'bot' as const }
        const saying = async (word: string) => {
          talk.state = from
          return (await speak(talk, word)).conversation
        }
        expect((await saying('asesor')).mode).toBe('human')
        expect((await saying('menú')).flow).toBe('menu')
        expect(['cancelar', 'menu', null]).toContain((await saying('cancelar')).flow)
      }),
      { numRuns: 10, seed: 26 },
    )
  },
)
