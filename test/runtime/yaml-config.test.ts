import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { StartupProblem } from '../../src/runtime/problem.ts'
import { parseYaml, type ReadYamlOptions, readYaml } from '../../src/runtime/yaml-config.ts'

const schema = z.strictObject({
  nombre: z.string().min(1).max(10),
  prioridad: z.enum(['baja', 'media', 'alta']),
  modulos: z.array(z.strictObject({ codigo: z.string(), plazo: z.int().min(1) })).max(2),
  contacto: z
    .discriminatedUnion('tipo', [z.strictObject({ tipo: z.literal('telefono'), numero: z.string() })])
    .optional(),
})

const good = 'nombre: Altamira\nprioridad: alta\nmodulos:\n  - codigo: RETAMA\n    plazo: 3\n'

function problems(text: string, options?: ReadYamlOptions): string[] {
  try {
    parseYaml(text, 'config/x.yaml', schema, options)
  } catch (error) {
    if (error instanceof StartupProblem) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a file of config/', () => {
  it('gives its validated content', () => {
    expect(parseYaml(good, 'config/x.yaml', schema)).toEqual({
      nombre: 'Altamira',
      prioridad: 'alta',
      modulos: [{ codigo: 'RETAMA', plazo: 3 }],
    })
  })

  it('is not unfolded when its aliases stand for more than a machine holds', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(',')}]`
    const bomb = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, at, all) =>
      level(name, at === 0 ? 'x' : `*${all[at - 1]}`),
    )
    expect(problems(bomb.join('\n'))).toEqual([
      'config/x.yaml:1:1 its aliases repeat too much; expected each value once.',
    ])
  })

  it('tells every fault at once, in the order of the lines', () => {
    expect(
      problems(
        'nombre: 7\nprioridad: ata\nmodulos:\n  - codigo: A\n    plazo: tres\n    plaso: 1\n  - plazo: 0\nzona: x\n',
      ),
    ).toEqual([
      'config/x.yaml:1:9 nombre: expected text, found a number.',
      'config/x.yaml:2:12 prioridad: expected one of baja, media, alta (did you mean "alta"?).',
      'config/x.yaml:5:12 modulos.0.plazo: expected a whole number, found text.',
      'config/x.yaml:6:5 modulos.0.plaso: unknown key (did you mean "plazo"?).',
      'config/x.yaml:7:5 modulos.1.codigo: missing; expected text.',
      'config/x.yaml:7:12 modulos.1.plazo: expected a number of at least 1.',
      'config/x.yaml:8:1 zona: unknown key; expected one of nombre, prioridad, modulos, contacto.',
    ])
  })

  it.each([
    [
      'a repeated key',
      `${good}nombre: otra\n`,
      ['config/x.yaml:6:1 this key appears twice in the same block; expected it once.'],
    ],
    [
      'a tab',
      'nombre: a\nmodulos:\n\t- codigo: A\n',
      ['config/x.yaml:3:1 a tab is used for indentation; expected spaces.'],
    ],
    ['an open quote', 'nombre: "a\n', ['config/x.yaml:2:1 this is not valid YAML: Missing closing "quote.']],
    [
      'two documents',
      `${good}---\n${good}`,
      ['config/x.yaml:6:1 a second document begins here; expected one document a file.'],
    ],
    ['an empty file', '', ['config/x.yaml:1:1 expected a block of keys, found nothing.']],
    ['a value left empty', good.replace('Altamira', ''), ['config/x.yaml:1:9 nombre: expected text, found nothing.']],
    [
      'a text too long',
      good.replace('Altamira', 'Altamira, Tamaulipas'),
      ['config/x.yaml:1:9 nombre: expected text of at most 10 characters.'],
    ],
    [
      'a list too long',
      `${good}${'  - {codigo: B, plazo: 1}\n'.repeat(2)}`,
      ['config/x.yaml:4:3 modulos: expected a list of at most 2 entries.'],
    ],
    [
      'a block of another kind',
      `${good}contacto: {tipo: fax}\n`,
      ['config/x.yaml:6:18 contacto.tipo: expected one of telefono.'],
    ],
  ])('says where %s is', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  it('tells every tab, and none of the errors that only follow from them', () => {
    expect(problems('nombre: a\nmodulos:\n\t- codigo: A\n\t  plazo: 1\n')).toEqual([
      'config/x.yaml:3:1 a tab is used for indentation; expected spaces.',
      'config/x.yaml:4:1 a tab is used for indentation; expected spaces.',
    ])
  })

  it('tells a wrong value beside a repeated key', () => {
    expect(problems(`${good}nombre: otra\nfolio: x\n`)).toHaveLength(2)
  })

  it('never repeats a value, which may be a secret', () => {
    expect(problems(good.replace('alta', 's3cr3t0')).join()).not.toContain('s3cr3t0')
  })

  it('says that a file does not exist', async () => {
    await expect(readYaml('config/no-hay.yaml', schema)).rejects.toThrow(
      new StartupProblem('The configuration file config/no-hay.yaml cannot be read: it does not exist.'),
    )
  })

  it('is read from the disk', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'yaml-')), 'x.yaml')
    await writeFile(file, good)
    await expect(readYaml(file, schema)).resolves.toMatchObject({ nombre: 'Altamira' })
  })
})

const variable = (name: string) => ['$', '{', name, '}'].join('')

describe('values from the environment', () => {
  it('replace the variable in braces', () => {
    const text = good.replace('Altamira', `"${variable('TOWN')}-${variable('N')}"`)
    expect(parseYaml(text, 'x', schema, { env: { TOWN: 'Alta', N: '1' } }).nombre).toBe('Alta-1')
  })

  it('that are missing or empty are named with file and line', () => {
    const text = good.replace('Altamira', variable('TOWN')).replace('RETAMA', variable('N'))
    expect(problems(text, { env: { N: '' } })).toEqual([
      'config/x.yaml:1:9 expected the environment variable TOWN to be set, because this value uses it.',
      'config/x.yaml:4:13 expected the environment variable N to be set, because this value uses it.',
    ])
  })

  it('are left alone in files that hold no secrets', () => {
    expect(parseYaml(good.replace('Altamira', variable('A')), 'x', schema).nombre).toBe(variable('A'))
  })
})
