import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Environment } from '../../runtime/env.ts'
import { reasonOf, StartupProblem } from '../../runtime/problem.ts'
import { readSettings, type Settings } from '../../settings.ts'
import { checkTexts } from '../../workflow/config-check/check-texts.ts'
import { unusedKeys } from '../../workflow/config-check/unused-keys.ts'

const SOURCE = fileURLToPath(new URL('../..', import.meta.url))

/** What a look at the files of a folder came to: the settings when they can be read, and what is wrong, a sentence each. */
export interface Checked {
  settings?: Settings
  faults: string[]
}

/** Reads the files of `folder` as a start would, and looks at the texts that citizens read. */
export async function checkFolder(folder: string, env: Pick<Environment, 'source' | 'PUBLIC_URL'>): Promise<Checked> {
  let settings: Settings
  try {
    settings = await readSettings(folder, env.source)
  } catch (error) {
    if (!(error instanceof StartupProblem)) throw error
    return { faults: reasonOf(error).split('\n') }
  }
  const findings = checkTexts(await filesOf(folder), { ...settings, publicUrl: env.PUBLIC_URL })
  const unused = unusedKeys(await sources())
  const faults = [
    ...findings.map(({ file, line, where, what }) => `${file}:${line} ${where}: ${what}.`),
    ...unused.map((key) => `${key}: no code uses this text; expected it to be taken out, of textos.ts too.`),
  ]
  return { settings, faults }
}

function filesOf(folder: string) {
  const names = globSync('*.yaml', { cwd: folder })
  return Promise.all(
    names.map(async (name) => ({
      name: relative(process.cwd(), join(folder, name)),
      source: await readFile(join(folder, name), 'utf8'),
    })),
  )
}

async function sources(): Promise<string[]> {
  const names = globSync('**/*.ts', { cwd: SOURCE }).filter((name) => !name.endsWith('textos.ts'))
  return Promise.all(names.map((name) => readFile(join(SOURCE, name), 'utf8')))
}
