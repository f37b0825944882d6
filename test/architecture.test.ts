import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/** From left to right: a file imports from its own folder and from those to its left. */
const ORDER = ['runtime', 'channels', 'conversation', 'workflow', 'admin', 'portal', 'wiring'] as const

/** Side by side: neither imports the other. */
const SIBLINGS = new Set(['admin', 'portal'])

const DOMAIN_WORDS = /\b(peticion|folio|enlace|dependencia|ciudadano|canaliza[rd]|movimiento)\w*/i
const DOMAIN_FREE = ['src/runtime/', 'src/channels/']

const files = globSync('src/**/*.ts').filter((file) => !file.endsWith('.d.ts'))
const folderOf = (file: string) => ORDER.find((folder) => file.startsWith(`src/${folder}/`)) ?? 'wiring'
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative('.', normalize(join(dirname(file), String(match[1])))),
  )

describe('the architecture', () => {
  it('finds the source', () => {
    expect(files.length).toBeGreaterThan(20)
  })

  it.each(files)('%s imports only from its own folder and from those to its left', (file) => {
    const own = folderOf(file)
    const wrong = importsOf(file).filter((imported) => {
      const other = folderOf(imported)
      const sideways = own !== other && SIBLINGS.has(own) && SIBLINGS.has(other)
      return sideways || ORDER.indexOf(other) > ORDER.indexOf(own)
    })
    expect(wrong).toEqual([])
  })

  it.each(files.filter((file) => DOMAIN_FREE.some((folder) => file.startsWith(folder))))(
    '%s knows no word of the domain',
    (file) => {
      const code = readFileSync(file, 'utf8')
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .replace(/'[^'\n]*'|`[^`]*`/g, "''")
        .replaceAll(/canaliza(?![rd])/gi, '')
      expect(code.match(DOMAIN_WORDS)?.[0]).toBeUndefined()
    },
  )

  it('exports no function, constant or class that no other file names', () => {
    const words = new Map(
      globSync(['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts']).map((file) => [
        file,
        new Set(readFileSync(file, 'utf8').match(/\w+/g)),
      ]),
    )
    const named = (name: string, from: string) => [...words].some(([file, known]) => file !== from && known.has(name))
    const dead = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !named(name, file))
        .map((name) => `${file}: ${name}`),
    )
    expect(dead).toEqual([])
  })
})
