import { parseArgs } from 'node:util'
import { canalesSchema } from '../channels/canales.ts'
import { placeFor } from '../channels/meta/messaging.ts'
import { configuredAccounts } from '../channels/meta/meta.ts'
import { runSetup, type SetupResult, setupSteps } from '../channels/meta/setup.ts'
import { readEnvironment } from '../runtime/env.ts'
import { StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { readYaml } from '../runtime/yaml-config.ts'
import { CONFIG_FOLDER } from '../settings.ts'

const HELP = `Tells Meta what to show around the conversations of each account: Get Started, greeting, persistent menu, ice breakers (the
section meta of config/canales.yaml), and which events to deliver. Shows each as Meta has it afterwards. May be run again.

  npm run meta:setup
  npm run meta:setup -- --dry-run   shows what would be set, and sets nothing
`

const options = { 'dry-run': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const

/** Milliseconds for all of it. */
const LIMIT = 120_000

/** `npm run meta:setup`: sets and shows what belongs to each account at Meta. */
async function main(): Promise<void> {
  const given = readArguments()
  const env = readEnvironment()
  const canales = await readYaml(`${CONFIG_FOLDER}/canales.yaml`, canalesSchema, { env: env.source })
  const accounts = configuredAccounts({ env, canales })
  if (accounts.length === 0) {
    throw new StartupProblem(
      'No account of Meta is configured: set MESSENGER_PAGE_ID, INSTAGRAM_ACCOUNT_ID or WHATSAPP_CLOUD_PHONE_ID and its token in .env.',
    )
  }
  const failed: string[] = []
  for (const configured of accounts) {
    const steps = setupSteps(configured, canales.meta)
    if (given['dry-run']) {
      for (const { what, body } of steps) show({ what, now: body })
      continue
    }
    const { token } = configured.account
    const place = placeFor(token, { root: env.META_GRAPH_URL, version: env.META_GRAPH_VERSION })
    const told = (result: SetupResult) => {
      show(result)
      if ('failed' in result) failed.push(result.what)
    }
    await runSetup(steps, { ...place, token, now: () => new Date() }, told, AbortSignal.timeout(LIMIT))
  }
  if (failed.length > 0)
    throw new StartupProblem(`\nNot set: ${failed.join('; ')}. Correct what Meta says and run it again.`)
}

function readArguments() {
  try {
    const { values } = parseArgs({ options })
    if (values.help) throw new StartupProblem(HELP)
    return values
  } catch (error) {
    throw error instanceof StartupProblem ? error : new StartupProblem(HELP)
  }
}

function show(result: SetupResult): void {
  const said = 'failed' in result ? `FAILED: ${result.failed}` : JSON.stringify(result.now, undefined, 2)
  process.stdout.write(`${result.what}\n${said.replaceAll(/^/gm, '    ')}\n`)
}

runProgram(main)
