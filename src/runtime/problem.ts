/** Exit codes of `sysexits.h`, by what the operator has to look at. */
export const EXIT = {
  /** Something we need does not answer: PostgreSQL, Redis. */
  unavailable: 69,
  /** A folder or file that we need cannot be made, read or understood. */
  folder: 73,
  /** Somebody else holds what we need: a port, the data folder. Trying again later may do. */
  busy: 75,
  /** A variable or a file of the configuration is wrong. */
  config: 78,
} as const

/**
 * A reason not to start that the operator can mend: one clear English sentence and what to do about it.
 * main.ts prints the message alone, without a stack trace, and leaves with `exitCode`.
 */
export class StartupProblem extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.config, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartupProblem'
    this.exitCode = exitCode
  }
}

/** What went wrong, for the middle of a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Whether `error` is one of the system's, PostgreSQL's or Node's with one of these codes (`ENOENT`, `3D000`…). */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}

/**
 * Turns an answer of the operating system (no space, no rights, a broken disk) into a problem of the operator's; any other
 * error is one of ours and stays as it is. `what` is the beginning of the sentence, as "The folder x cannot be used".
 */
export function asStartupProblem(error: unknown, what: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  return new StartupProblem(`${what}: ${error.message}. Mend that and start again.`, EXIT.folder, { cause: error })
}
