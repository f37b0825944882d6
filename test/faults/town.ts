import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** The second bot, which reads by polling; its token comes from this variable. */
export const POLLED = { account: 'sondeo', variable: 'TELEGRAM_TOKEN_SONDEO' }

const CANALES = `telegram:
  - account: ${POLLED.account}
    token: \${${POLLED.variable}}
    mode: polling
`

/** The program as it runs. */
export interface Town {
  /** Its `src/main.ts` is to be started here. */
  path: string
  /** Where Node keeps what it compiled, for NODE_COMPILE_CACHE: processes start some 600 ms of work earlier. */
  cache: string
}

/**
 * A copy of the program with channel accounts of its own, to be started again and again: what is edited in the project
 * meanwhile does not get into the run. `quiet`: milliseconds before a burst on Telegram is answered.
 */
export async function makeTown(folder: string, quiet: number): Promise<Town> {
  const path = join(folder, 'town')
  const cache = join(folder, 'compiled')
  await mkdir(path, { recursive: true })
  for (const part of ['src', 'config', 'package.json']) {
    await cp(join(PROJECT, part), join(path, part), { recursive: true })
  }
  await symlink(join(PROJECT, 'node_modules'), join(path, 'node_modules'))
  await writeFile(join(path, 'config', 'canales.yaml'), CANALES)
  const municipio = join(path, 'config', 'municipio.yaml')
  const settings = await readFile(municipio, 'utf8')
  await writeFile(municipio, settings.replace(/^( {2}telegram:) \d+$/m, `$1 ${quiet}`))
  // A process that is killed writes no cache; this one loads everything and ends by itself.
  const env = { ...process.env, NODE_COMPILE_CACHE: cache }
  await execute(process.execPath, ['-e', "import('./src/canaliza.ts').then(() => process.exit(0))"], { cwd: path, env })
  return { path, cache }
}
