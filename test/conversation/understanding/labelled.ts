import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A message as somebody wrote it, and what it is about: a category, `EMERGENCIA`, `NO_EMERGENCIA` for what only sounds
 * like one, `CONSULTA` for a question, `NADA` for neither, or `VARIOS` and the categories of several problems.
 */
export interface Labelled {
  label: string
  text: string
}

/** The labelled messages: all but the held-out ones are among the examples by now, so that their figures tell what is kept. */
export const PARTS = ['tuning', 'held-out', 'fresh-tuning', 'fresh-held-out', 'fresh2-a', 'fresh2-b'] as const

/** Written without knowing the lexicon; measured before they became examples as well (docs/decisions/0043). */
export const BLIND = ['ciego-asuntos', 'ciego-peligro', 'ciego-otros'] as const

/** Written without knowing lexicon or examples, and never among these: what the aims are measured on. */
export const UNTOUCHED = 'ciego-2'

/** The same in English. */
export const ENGLISH = ['english-tuning', 'english-held-out'] as const

/** The labelled messages of one part. */
export async function readLabelled(
  part: (typeof PARTS | typeof BLIND | typeof ENGLISH)[number] | typeof UNTOUCHED,
): Promise<Labelled[]> {
  const file = await readFile(join(import.meta.dirname, 'labelled', `${part}.txt`), 'utf8')
  let label = ''
  return file.split('\n').flatMap((line) => {
    if (line.startsWith('# ')) label = line.slice(2).trim()
    return line.startsWith('#') || line.trim() === '' ? [] : [{ label, text: line }]
  })
}
