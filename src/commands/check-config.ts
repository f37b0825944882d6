import { relative, resolve } from 'node:path'
import { readEnvironment } from '../runtime/env.ts'
import { CONFIG_FOLDER } from '../settings.ts'
import { explore } from '../workflow/flow-map/explore.ts'
import { checkFolder } from './check-config/check-folder.ts'

// npm run config:check -- [FOLDER]: what is wrong with the files that a municipality edits, one sentence each.

const folder = resolve(process.argv[2] ?? CONFIG_FOLDER)
const env = readEnvironment()
const { settings, faults } = await checkFolder(folder, env)
// The conversation is tried only with files that a start would accept.
const tried = settings && faults.length === 0 ? await explore(settings, env.PUBLIC_URL) : { faults: [], turns: 0 }
const all = [...faults, ...new Set(tried.faults)]
for (const fault of all) process.stderr.write(`${fault}\n`)
if (all.length > 0) process.exitCode = 1
else
  process.stdout.write(
    `${relative(process.cwd(), folder)}: every text is there, used, and as citizens should read it; ${tried.turns} messages found no dead end.\n`,
  )
