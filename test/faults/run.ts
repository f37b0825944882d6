import { readOptions } from './options.ts'
import { printed } from './report.ts'
import { runFaults } from './run-faults.ts'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)))

const began = Date.now()
const log = (line: string) =>
  process.stderr.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}\n`)

async function main(): Promise<void> {
  for (const options of readOptions(process.argv.slice(2))) {
    log(`${options.messages} messages, ${options.kills} kills, queue on ${options.backend}, seed ${options.seed}`)
    const report = await runFaults(options, log, stopping.signal)
    process.stdout.write(`\n${printed(report)}\n\n`)
    if (report.problems.length > 0) process.exitCode = 1
  }
}

main().catch((error: unknown) => {
  if (!stopping.signal.aborted) throw error
  log('stopped; everything that was started has been ended')
  process.exit(130)
})
