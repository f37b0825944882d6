import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const IMPORT = /^import \{([^}]*)\} from '([^']+)'\n/gm
const EXPORT = /^export (async function|function|class|const) (\w+)/gm
const COMMENT = /^[ \t]*(\/\*\*[\s\S]*?\*\/|\/\/.*)\n/gm

/**
 * The browser module `entry` and all it imports as one plain script, so that a site needs one line, one permission in its CSP and one
 * request, and no browser ever mixes files of two versions. Understands what our own modules use: named imports, and exports at their
 * declaration; each module keeps a scope of its own. No comments are sent.
 * @throws {Error} for modules that import each other
 */
export function composeScript(entry: string): string {
  const done = new Map<string, string>()
  const parts: string[] = []
  const add = (path: string, importers: string[]): string => {
    if (importers.includes(path)) throw new Error(`${path} imports itself by way of ${importers.join(', ')}.`)
    const known = done.get(path)
    if (known) return known
    const body = readFileSync(path, 'utf8')
      .replace(COMMENT, '')
      .replace(IMPORT, (_line, names: string, from: string) => {
        return `const {${names}} = ${add(join(dirname(path), from), [...importers, path])}\n`
      })
    const exported = [...body.matchAll(EXPORT)].map((match) => match[2])
    const name = `module${done.size}`
    done.set(path, name)
    parts.push(`const ${name} = (() => {\n${body.replace(EXPORT, '$1 $2')}return { ${exported.join(', ')} }\n})()\n`)
    return name
  }
  add(entry, [])
  return `'use strict';\n(() => {\n${parts.join('')}})()\n`
}
