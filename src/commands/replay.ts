import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openHouse } from '../house.ts'
import { type Environment, readEnvironment } from '../runtime/env.ts'
import { createLogger } from '../runtime/logger.ts'
import { reasonOf, StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { CONFIG_FOLDER, readSettings, type Settings } from '../settings.ts'
import { type Replayed, replay } from '../workflow/replay/replay.ts'
import type { StoredConversation } from '../workflow/replay/stored-conversation.ts'
import { LAST, storedConversations } from '../workflow/replay/stored-conversations.ts'
import { readExported, writeExported } from './replay/file.ts'
import { sideBySide } from './replay/side-by-side.ts'

const HELP = `Holds stored conversations again and shows what is answered otherwise. Nothing is written or sent.

  npm run replay                                 with this program and the settings in force
  npm run replay -- --config FOLDER              with the files of a folder
      --since 2026-11-01      only conversations in which somebody wrote since (by the machine's clock)
      --last 500              the last so many; ${LAST} unless told
      --export FILE           writes them without who held them, and compares nothing
      --from FILE             conversations of such a file instead of the database's
      --json                  the differences as JSON

Ends with 1 when a conversation that reached a folio no longer does.
`

const options = {
  config: { type: 'string' },
  since: { type: 'string' },
  last: { type: 'string', default: String(LAST) },
  export: { type: 'string' },
  from: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const argumentsSchema = z.object({
  config: z.string().optional(),
  since: z.iso
    .date({ error: '--since must be a date such as 2026-11-01' })
    .transform((day) => new Date(`${day}T00:00:00`))
    .optional(),
  last: z.coerce.number({ error: '--last must be a number' }).int().min(1).max(100_000),
  export: z.string().optional(),
  from: z.string().optional(),
  json: z.boolean(),
  help: z.boolean(),
})

type Given = z.output<typeof argumentsSchema>

/** `npm run replay`. */
async function main(): Promise<void> {
  const given = readArguments()
  if (given.help) return void process.stdout.write(HELP)
  const env = readEnvironment()
  if (given.from !== undefined) {
    const inForce = await readSettings(CONFIG_FOLDER, env.source)
    return held(await readExported(given.from), inForce, given, env)
  }
  const log = createLogger(env.LOG_LEVEL === 'info' ? 'warn' : env.LOG_LEVEL)
  const house = await openHouse(env, log, { joining: true })
  try {
    const { settings, database } = house
    const wanted = { since: given.since, limit: given.last, mensajes: settings.mensajes }
    await held(storedConversations(database.fork(), wanted), settings, given, env)
  } finally {
    await house.close()
  }
}

function readArguments(): Given {
  try {
    return argumentsSchema.parse(parseArgs({ options }).values)
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues.map(({ message }) => message).join('; ') : reasonOf(error)
    throw new StartupProblem(`${why}\n\n${HELP}`)
  }
}

async function held(
  conversations: Iterable<StoredConversation> | AsyncIterable<StoredConversation>,
  inForce: Settings,
  given: Given,
  { PUBLIC_URL: publicUrl, source }: Environment,
): Promise<void> {
  if (given.export !== undefined) {
    const { written, left } = await writeExported(given.export, conversations, inForce, publicUrl)
    process.stdout.write(`${given.export}: ${written} conversations; ${left} say too little without who held them.\n`)
    return
  }
  const settings = given.config === undefined ? inForce : await readSettings(given.config, source)
  const result = await replay(conversations, settings, { publicUrl, inForce, progress })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  process.stdout.write(
    `${given.json ? JSON.stringify(result, null, 2) : sideBySide(result, process.stdout.columns || 110)}\n`,
  )
  if (isWorse(result)) process.exitCode = 1
}

/** A folio that is missing because a replay does not have the rows of that time says nothing against the change. */
const isWorse = ({ lost }: Replayed): boolean => lost.some(({ cause }) => cause !== 'rows')

function progress(done: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} conversations…`)
  else if (done % 100 === 0) process.stderr.write(`${done} conversations…\n`)
}

runProgram(main)
