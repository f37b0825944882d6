import { StartupProblem } from './problem.ts'

/** Runs a command to its end; a problem of the operator's is printed as its sentence alone, and decides the exit code. */
export function runProgram(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    if (!(error instanceof StartupProblem)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(error.exitCode)
  })
}
