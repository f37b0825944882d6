import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** The second bot, which reads by polling; its token comes from this variable. */
export const POLLED = { account: 'sondeo', variable: 'TELEGRAM_TOKEN_SONDEO' }

const CANALES = `telegram:
  - account: ${POLLED.account}
    token: \${${POLLED.variable}}
    mode: polling
`

/**
 * A copy of the program with channel accounts of its own, to be started again and again: what is edited in the project
 * meanwhile does not get into the run. @returns the folder; its `src/main.ts` is to be started there.
 */
export async function makeTown(folder: string): Promise<string> {
  const town = join(folder, 'town')
  await mkdir(town, { recursive: true })
  for (const part of ['src', 'config', 'package.json']) {
    await cp(join(PROJECT, part), join(town, part), { recursive: true })
  }
  await symlink(join(PROJECT, 'node_modules'), join(town, 'node_modules'))
  await writeFile(join(town, 'config', 'canales.yaml'), CANALES)
  return town
}
