import { copyFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TEXTOS } from '../../src/conversation/flows/textos.ts'
import { WORD_LISTS } from '../../src/conversation/flows/word-lists.ts'
import { loadMensajes } from '../../src/conversation/mensajes.ts'
import { StartupProblem } from '../../src/runtime/problem.ts'

const shipped = await readFile('config/mensajes.es.yaml', 'utf8')

async function load(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'mensajes-'))
  await writeFile(join(folder, 'mensajes.es.yaml'), text)
  await copyFile('config/mensajes.en.yaml', join(folder, 'mensajes.en.yaml'))
  return loadMensajes(folder)
}

describe('the texts for citizens', () => {
  test('are filled, and a line that stays empty is dropped', async () => {
    const mensajes = await load(shipped)
    const detalle = { fecha: 'hoy', dependencia: 'Obras', novedad: '' }
    expect(mensajes.text('consultar.detalle', detalle).split('\n')).toHaveLength(1)
    expect(mensajes.text('registrado.folio', { folio: 'UAC-26-000001-1', clave: 'K' }).split('\n')[1]).toBe(
      'UAC-26-000001-1',
    )
    expect(mensajes.disculpa).toContain('persona')
  })

  test('name a dependencia where none needs an article: «a la Unidad…», «al DIF…», «a Obras…»', () => {
    const named = shipped.split('\n').filter((line) => line.includes('{dependencia}'))
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((line) => !/(?:: |, )\{dependencia\}/.test(line))).toEqual([])
  })

  test.each([
    ['a placeholder that is not known', ['Seguimos con {titulo}.', 'Seguimos con {titulo} {otro}.'], '{otro}'],
    ['a placeholder that must appear and does not', ['Seguimos con {titulo}.', 'Seguimos.'], '{titulo}'],
    ['a text that is missing', ['  gracias: "Con mucho gusto."\n', ''], 'gracias'],
    ['a text that nobody reads', ['  gracias:', '  grasias: "x"\n  gracias:'], 'grasias'],
    ['a text that is too long', ['Con mucho gusto.', 'a'.repeat(301)], '300'],
  ])('are refused with their line for %s', async (_, [from = '', to = ''], named) => {
    const broken = shipped.replace(from, to)
    expect(broken).not.toBe(shipped)
    const problem = await load(broken).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(problem).toBeInstanceOf(StartupProblem)
    expect(String(problem)).toMatch(/mensajes\.es\.yaml:\d+:\d+/)
    expect(String(problem)).toContain(named)
  })

  test('are all used somewhere, and so are the lists of words', async () => {
    const files = (await readdir('src', { recursive: true })).filter((name) => /\.(ts|eta)$/.test(name))
    const sources = await Promise.all(
      files.filter((name) => !name.endsWith('textos.ts')).map((name) => readFile(join('src', name), 'utf8')),
    )
    const code = sources.join('\n')
    const unused = Object.entries(TEXTOS).flatMap(([section, texts]) =>
      Object.keys(texts)
        .filter((name) => !mentions(code, section, name))
        .map((name) => `${section}.${name}`),
    )
    expect(unused).toEqual([])
    expect(WORD_LISTS.filter((list) => !code.includes(`'${list}'`))).toEqual([])
  })
})

/** A key is written whole, made from its section (`estados.${estado}`), or, for an option, named alone. */
function mentions(code: string, section: string, name: string): boolean {
  if (code.includes(`'${section}.${name}'`) || code.includes(`\`${section}.\${`))
    return section !== 'opciones' || named(code, name)
  return section === 'opciones' && named(code, name)
}

const named = (code: string, name: string): boolean =>
  code.includes(`mensajes, '${name}'`) ||
  code.includes(`'opciones.${name}'`) ||
  new RegExp(`(DERECHOS|MOTIVOS) = .*'${name}'`).test(code)
