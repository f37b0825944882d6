import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { catalogoEnInglesSchema } from '../../src/conversation/flows/idioma/ingles.ts'
import { prepararIdioma } from '../../src/conversation/flows/idioma/reconocer.ts'
import { fieldsOf } from '../../src/conversation/memory.ts'
import { newTalk, settings, speak, speakAll, type Talk } from './talk.ts'

const read = async (name: string) => parse(await readFile(`config/${name}.yaml`, 'utf8'))
const idiomaDe = prepararIdioma({ es: settings.lexico.idioma, en: settings.ingles.lexico.idioma })

/** Every text by `section.name`, with the placeholders it uses. */
const placeholders = (file: Record<string, Record<string, string>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(file)
      .filter(([section]) => section !== 'redes' && section !== 'palabras')
      .flatMap(([section, texts]) =>
        Object.entries(texts).map(([name, text]) => [
          `${section}.${name}`,
          [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort(),
        ]),
      ),
  )

/** What somebody says who writes English: stories, answers, words that work everywhere, nonsense. */
const ENGLISH = [
  "there's a pothole on my street",
  'the garbage was not picked up in Miramar',
  'I smell gas',
  'I need help with food for my family',
  'a cop asked me for a bribe',
  ...['1', '2', '3', '4', '7', 'yes', 'no', 'done', 'skip', 'I do not have it', 'same', 'go on', 'accept', 'read more'],
  ...['Miramar', '123 Hidalgo street', 'no number', 'Alex Smith', '833 000 0001', 'alex@example.com', 'yesterday'],
  ...['anonymous', 'with my details', 'register it', 'correct', 'something else', 'menu', 'back', 'help', 'folio'],
  ...['privacy', 'stop', 'subscribe', 'hello', 'thanks', 'save', 'delete', 'qwerty', '', 'UAC-26-004217-4'],
]
const said = fc.array(fc.constantFrom(...ENGLISH), { maxLength: 20 })

async function hold(talk: Talk, words: readonly string[], check: (texts: string[]) => void): Promise<void> {
  for (const word of words) {
    const { replies } = await speak(talk, word)
    check(replies.flatMap(({ text = '', options = [] }) => [text, ...options.map(({ label }) => label)]))
    if (talk.state.mode === 'human')
      talk.state = (await talk.conversations.returnToBot(talk.state, talk.services)).conversation
  }
}

describe('the texts in English', () => {
  test('are those in Spanish, with the same placeholders', async () => {
    expect(placeholders(await read('mensajes.en'))).toEqual(placeholders(await read('mensajes.es')))
  })

  test.each([
    [
      'a category is missing',
      (file: { categorias: Record<string, unknown> }) => delete file.categorias.BACHEO,
      'BACHEO',
    ],
    [
      'a category is none',
      (file: { categorias: Record<string, unknown> }) => (file.categorias.BACHES = { nombre: 'x' }),
      'BACHES',
    ],
    [
      'a choice is missing',
      (file: { categorias: Record<string, { preguntas: Record<string, { opciones: string[] }> }> }) =>
        file.categorias.BACHEO?.preguntas.tamano?.opciones.pop(),
      'opciones',
    ],
  ])('of the catalogue are refused when %s', async (_, change, named) => {
    const file = await read('catalogo.en')
    expect(catalogoEnInglesSchema(settings.catalogo).safeParse(file).success).toBe(true)
    change(file)
    expect(String(catalogoEnInglesSchema(settings.catalogo).safeParse(file).error)).toContain(named)
  })
})

test('every word of the catalogue for citizens is there in English', () => {
  const { categorias } = settings.ingles.catalogo
  const sin = settings.catalogo.categorias.flatMap(({ codigo, aviso, orientacion }) =>
    (aviso && !categorias[codigo]?.aviso) || (orientacion && !categorias[codigo]?.orientacion) ? [codigo] : [],
  )
  expect(sin).toEqual([])
})

/** What it is about is asked by likely subjects or by all themes: words such as `thanks` are likelier in one language. */
const question = (step: string | null) => (step === 'categoria' || step === 'tema' ? 'asunto' : step)

describe('the language of a conversation', () => {
  test('may change at any step: the same question is asked, and nothing that was said is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), said, async (accepted, words) => {
        const talk = newTalk(accepted)
        await hold(talk, words, () => undefined)
        const before = { ...talk.state, mode: 'bot' as const }
        talk.state = before
        for (const [word, locale] of [
          ['english please', 'en'],
          ['español', 'es'],
          ['English', 'en'],
        ] as const) {
          const turn = await speak(talk, word)
          expect(turn.conversation.locale).toBe(locale)
          expect(turn.replies.length).toBeGreaterThan(0)
          if (before.flow === null) continue
          const { flow, step, answers, drafts, avisoVersion } = turn.conversation
          expect({ flow, step: question(step), drafts, avisoVersion, fields: fieldsOf(answers) }).toEqual({
            flow: before.flow,
            step: question(before.step),
            drafts: before.drafts,
            avisoVersion: before.avisoVersion,
            fields: fieldsOf(before.answers),
          })
        }
      }),
      { numRuns: 60, seed: 26 },
    )
  })

  test('once English was chosen is English in everything that is said', async () => {
    await fc.assert(
      fc.asyncProperty(said, async (words) => {
        const talk = newTalk(true)
        await speak(talk, 'english')
        await hold(talk, words, (texts) => {
          for (const text of texts) expect(idiomaDe(text), text).not.toBe('es')
        })
      }),
      { numRuns: 60, seed: 26 },
    )
  })

  test('is offered to who writes English, and Spanish to who goes back to it', async () => {
    const talk = newTalk(true)
    const offered = await speak(talk, 'There is a dead dog in front of my house')
    expect(offered.replies.flatMap(({ options = [] }) => options).at(-1)?.label).toBe('Continue in English')
    await speak(talk, { kind: 'choice', choice: { id: '_/idioma_en' } })
    expect(talk.state).toMatchObject({ locale: 'en', flow: 'registrar' })
    const back = await speak(talk, 'ya no quiero en este idioma, mejor mi español porque no entiendo')
    expect(back.replies.flatMap(({ options = [] }) => options).at(-1)?.label).toBe('Seguir en español')
  })

  test('is also that of the apology, of what is proposed, and of the reminder', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['english', 'there is a pothole on my street'])
    expect(talk.conversations.apology(talk.state).text).toContain('Sorry')
    const reminded = await talk.conversations.remind(talk.state, talk.services)
    expect(reminded?.replies[0]?.text).toContain('You have not finished your report')
  })

  test.each([
    ['es', 'gas leak', 'call 911'],
    ['es', 'hay fuego en mi casa', 'llame ya al 911'],
    ['en', 'auxilio', 'llame ya al 911'],
    ['en', 'my house is on fire', 'call 911'],
  ] as const)(
    'does not matter to danger: who writes in %s and says «%s» is told what to do',
    async (locale, text, answer) => {
      const talk = newTalk(true)
      talk.state = { ...talk.state, locale }
      expect((await speak(talk, text)).replies[0]?.text).toContain(answer)
    },
  )

  test('keeps what the staff reads in Spanish', async () => {
    const talk = newTalk(true)
    await speakAll(talk, [
      'english',
      'there is a pothole on my street',
      '1',
      'Miramar',
      'Hidalgo 5',
      'skip',
      '2',
      'no',
      'skip',
      '1',
    ])
    expect(talk.memory.registradas[0]?.borrador.respuestas).toEqual({
      tamano: 'Mediano (hasta un metro)',
      riesgo: 'No',
    })
  })
})
