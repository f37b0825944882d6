import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkFolder } from '../../../src/commands/check-config/check-folder.ts'
import { CONFIG_FOLDER } from '../../../src/settings.ts'
import { unusedKeys } from '../../../src/workflow/config-check/unused-keys.ts'

const ENV = { source: {}, PUBLIC_URL: 'https://uac.example' }

/** What the check says of the shipped files after one of them was changed. */
async function checked(file: string, change: (source: string) => string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-config-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(CONFIG_FOLDER, folder, { recursive: true })
  const source = await readFile(join(folder, file), 'utf8')
  const changed = change(source)
  expect(changed).not.toBe(source)
  await writeFile(join(folder, file), changed)
  return (await checkFolder(folder, ENV)).faults
}

const MENSAJES = 'mensajes.es.yaml'

describe('the check of config/', () => {
  test('finds nothing wrong in what is shipped', async () => {
    expect((await checkFolder(CONFIG_FOLDER, ENV)).faults).toEqual([])
  })

  test.each([
    ['that is missing', MENSAJES, / {2}sin_anterior: .*\n/, '', 'general.sin_anterior: missing; expected text'],
    ['that nobody knows', MENSAJES, /( {2})(sin_anterior:)/, '$1sin_anteror: "x"\n$1$2', 'sin_anteror: unknown key'],
    ['with a placeholder too many', MENSAJES, 'Ese botón', 'Ese {boton}', 'expected no {boton} in this text'],
    ['without its placeholder', MENSAJES, 'Seguimos con {titulo}.', 'Seguimos.', 'expected {titulo} somewhere'],
    ['over 300 characters', MENSAJES, 'Ese botón', 'Ese '.repeat(80), 'expected text of at most 300 characters'],
    ['that says tú', MENSAJES, 'Ese botón', 'Tu botón', 'general.boton_viejo: expected *usted*, and "Tu" says *tú*.'],
    [
      'of the catalogue that says tú',
      'catalogo.yaml',
      'aviso: Manténgase',
      'aviso: Te pedimos. Manténgase',
      '"Te" says',
    ],
  ] as const)('tells of a text %s in one sentence, with its line', async (_what, file, from, to, expected) => {
    const faults = await checked(file, (source) => source.replace(from, to))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`${file.replaceAll('.', '\\.')}:\\d+`))
    expect(faults[0]).toContain(expected)
  })

  test('tells of a text that is too long only with the longest subject there is', async () => {
    const [said] = await checked(MENSAJES, (source) =>
      source.replace('Seguimos con {titulo}.', `Seguimos con {titulo}. ${'Así es. '.repeat(33)}`),
    )
    expect(said).toMatch(
      /general\.seguimos: expected at most 300 characters once filled \(with the longest titulo there is\), found 3\d\d\.$/,
    )
  })
})

test('a text is used when its name stands in the code, also put together', () => {
  const unused = unusedKeys([
    "mensajes.text('general.igual')",
    `mensajes.text(\`estados.\${uno}\`)`,
    "const ESTADOS = ['PROCESO']",
  ])
  expect(unused).not.toContain('general.igual')
  expect(unused).not.toContain('estados.PROCESO')
  expect(unused).toContain('estados.CANCELADO')
  expect(unused).toContain('general.ayuda')
  expect(unused).toContain('palabras.si')
})
