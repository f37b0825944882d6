import { relative, resolve } from 'node:path'
import { readEnvironment } from '../runtime/env.ts'
import { CONFIG_FOLDER } from '../settings.ts'
import { checkFolder } from './check-config/check-folder.ts'

// npm run config:check -- [FOLDER]: what is wrong with the files that a municipality edits, one sentence each.

const folder = resolve(process.argv[2] ?? CONFIG_FOLDER)
const { faults } = await checkFolder(folder, readEnvironment())
for (const fault of faults) process.stderr.write(`${fault}\n`)
if (faults.length > 0) process.exitCode = 1
else
  process.stdout.write(
    `${relative(process.cwd(), folder)}: every text is there, used, and as citizens should read it.\n`,
  )
