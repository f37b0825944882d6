import { describe, expect, test } from 'vitest'
import { MENU } from '../../src/conversation/ask.ts'
import { expand } from '../../src/conversation/flow.ts'
import { FLOWS } from '../../src/conversation/flows/conversations.ts'
import type { Contexto, Conversacion, Paso } from '../../src/conversation/flows/mundo.ts'
import { newTalk, settings, speak, type Talk } from './talk.ts'

// A walk through every category: always the first option, or words that any question for words accepts.
const WORDS: Readonly<Record<string, string>> = {
  telefono: '8331234567',
  email: 'ana@example.com',
  nombre: 'Ana Ruiz',
  lugar: 'Miramar',
  calle: 'Hidalgo',
  contacto: 'Ana Ruiz 8331234567 ana@example.com',
}

const categorias = settings.catalogo.categorias.filter((one) => !one.interna)

interface Visit {
  steps: string[]
  menus: number[]
  registered: boolean
}

const walks = new Map<string, Promise<Visit>>()

/** Each walk is taken once. */
function walk(codigo: string, refuse: boolean): Promise<Visit> {
  const key = `${codigo} ${refuse}`
  const taken = walks.get(key) ?? take(codigo, refuse)
  walks.set(key, taken)
  return taken
}

/** From the category to the folio; `refuse` prefers the option that leaves things out. */
async function take(codigo: string, refuse: boolean): Promise<Visit> {
  const talk = newTalk(true)
  const answers = { categoria: codigo, asunto: 'algo', desde: new Date(talk.clock).toISOString() }
  talk.state = { ...talk.state, flow: 'registrar', flowVersion: 1, step: null, answers }
  const visit: Visit = { steps: [], menus: [], registered: false }
  let said: Parameters<typeof speak>[1] = 'hola'
  for (let turn = 0; turn < 40 && talk.state.flow === 'registrar'; turn++) {
    const { replies } = await speak(talk, said)
    visit.steps.push(String(talk.state.step))
    visit.menus.push(replies.at(-1)?.options?.length ?? 0)
    visit.registered = talk.memory.registradas.length > 0
    said = answerTo(talk, replies.at(-1)?.options?.map(({ id }) => id) ?? [], refuse)
  }
  return visit
}

type Said = Parameters<typeof speak>[1]

const press = (id: string): Said => ({ kind: 'choice', choice: { id } })
const send = (kind: 'image' | 'document'): Said => ({ kind, media: [{ kind, ref: 'r', attachmentId: `a-${kind}` }] })

function answerTo({ state }: Talk, options: string[], refuse: boolean): Said {
  const step = state.step ?? ''
  const files = options.includes('fotos/sin_fotos') || options.includes(`${step}/no_lo_tengo`)
  if (!refuse && files) return send(step === 'fotos' ? 'image' : 'document')
  if (step === 'requisitos') return press('requisitos/empezar')
  const words = step === 'resumen' || (step === 'contacto' && !refuse)
  const chosen = refuse ? options.at(-1) : options[0]
  if (chosen && !words) return press(chosen)
  return step === 'resumen' ? press('resumen/registrar') : (WORDS[step] ?? anyWords(step))
}

const anyWords = (step: string) =>
  step.startsWith('pregunta:fecha') ? 'ayer' : step.includes(':') ? '3' : 'una respuesta cualquiera'

describe('every category', () => {
  test.each(categorias.map(({ codigo }) => codigo))(
    '%s leads to a folio, by menus of at most seven',
    async (codigo) => {
      const visit = await walk(codigo, false)
      expect(visit.registered).toBe(true)
      expect(Math.max(...visit.menus)).toBeLessThanOrEqual(MENU)
    },
  )

  test.each(categorias)('$codigo also for who leaves out what may be left out', async ({ codigo, requisitos }) => {
    const visit = await walk(codigo, true)
    expect(visit.registered).toBe(requisitos.every((one) => !one.obligatorio))
    expect(Math.max(...visit.menus)).toBeLessThanOrEqual(MENU)
  })
})

describe('every step', () => {
  test('has texts and options that a channel can carry, and reads an answer without failing', async () => {
    const talk = newTalk(true)
    let seen: { contexto: Contexto; pasos: Paso[] } | undefined
    const spy: Conversacion = {
      ...FLOWS.registrar,
      title: (contexto) => {
        seen = { contexto, pasos: expand(FLOWS.registrar.steps, contexto) }
        return FLOWS.registrar.title(contexto)
      },
    }
    const probe = newTalk(true, { ...FLOWS, registrar: spy })
    for (const { codigo } of categorias) {
      probe.state = {
        ...talk.state,
        flow: 'registrar',
        step: 'resumen',
        answers: { categoria: codigo, asunto: 'algo' },
      }
      await speak(probe, 'hola')
      for (const paso of seen?.pasos ?? []) {
        const contexto = seen?.contexto
        if (!contexto) throw new Error('the flow was not looked at')
        const question = await paso.ask(contexto)
        expect(question.text.length).toBeGreaterThan(0)
        expect(question.options?.length ?? 0).toBeLessThanOrEqual(MENU)
        for (const { id } of question.options ?? [])
          expect(Buffer.byteLength(`${paso.id}/${id}`)).toBeLessThanOrEqual(64)
        const ids = question.options?.map(({ id }) => id) ?? []
        expect(new Set(ids).size).toBe(ids.length)
      }
    }
  })

  test('of the petition is asked on some way through it', async () => {
    const asked = new Set<string>()
    for (const { codigo } of categorias)
      for (const refuse of [false, true]) for (const step of (await walk(codigo, refuse)).steps) asked.add(step)
    const fixed = FLOWS.registrar.steps.flatMap((step) => (typeof step === 'function' ? [] : [step.id]))
    // Asked only after a doubt, a change of mind or what is not the town's: the transcripts show them.
    const elsewhere = [
      'asunto',
      'cosas',
      'categoria',
      'tema',
      'categoria_de_tema',
      'orientacion',
      'sin_anonimato',
      'colonia_cual',
      'cercana',
      'fuera',
      'lugar_de_foto',
      'colonia_del_punto',
      'aviso_activo',
    ]
    const rare = ['numero', 'referencias', 'email', 'corregir', 'contacto', ...elsewhere]
    expect(fixed.filter((id) => !asked.has(id) && !rare.includes(id))).toEqual([])
  })
})
