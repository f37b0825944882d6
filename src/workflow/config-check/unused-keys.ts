import { TEXTOS } from '../../conversation/flows/textos.ts'
import { WORD_LISTS } from '../../conversation/flows/word-lists.ts'

/** A literal of TypeScript: 'x', "x" or `x` without anything filled in; and `x:` as a key of an object. */
const NAMES = /['"`]([\w.]+)['"`]|\b(\w+):/g

/** Sections whose names are filled in while the program runs: `estados.${estado}`. */
const FILLED_IN = /`(\w+)\.\$\{/g

/**
 * Texts and lists of words that the program declares and that no code uses, as `section.name`. `sources` are the contents of the
 * program's files but those that declare texts.
 */
export function unusedKeys(sources: readonly string[]): string[] {
  const all = sources.join('\n')
  const named = new Set([...all.matchAll(NAMES)].map(([, literal, key]) => literal ?? key ?? ''))
  const filledIn = new Set([...all.matchAll(FILLED_IN)].map(([, section = '']) => section))
  const texts = Object.entries(TEXTOS).flatMap(([section, names]) =>
    Object.keys(names)
      .filter((name) => !named.has(`${section}.${name}`) && !(filledIn.has(section) && isNamed(name, named)))
      .map((name) => `${section}.${name}`),
  )
  return [...texts, ...WORD_LISTS.filter((list) => !named.has(list)).map((list) => `palabras.${list}`)]
}

/** A name may itself be put together of two: `concluir_${si}`. */
const isNamed = (name: string, named: ReadonlySet<string>): boolean =>
  named.has(name) || name.split('_').every((part) => named.has(part))
