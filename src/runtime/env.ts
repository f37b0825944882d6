import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { hasCode, reasonOf, StartupProblem } from './problem.ts'
import { isSecret, ROLES, type VariableName, variables } from './variables.ts'

type Values = z.output<typeof variables>

/** The validated variables under their own names, and what else the start needs to know of them. */
export interface Environment extends Omit<Values, 'PUBLIC_URL'> {
  /** Where people reach us from outside, without a slash at the end; http://localhost:PORT when not given. */
  PUBLIC_URL: string
  /** Sentences for the log: names that look misspelled, settings that do not work together. */
  readonly warnings: readonly string[]
  /** Every variable that has a value, ours or not, `.env` included: what `${NAME}` in `config/canales.yaml` means. */
  readonly source: Readonly<Record<string, string>>
}

/**
 * Reads and validates the environment; a variable of `source` wins over the same one in `envFile`, an empty one counts
 * as absent, and a missing `envFile` is no error. Paths come back absolute.
 * @throws {StartupProblem} with one line for each wrong variable; values of secrets are never in it.
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env, envFile = '.env'): Environment {
  const given = withoutEmpty({ ...readEnvFile(envFile), ...withoutEmpty(source) })
  const parsed = variables.safeParse(given)
  const problems = [...(parsed.error?.issues ?? []).map((issue) => describe(issue, given)), ...contradictions(given)]
  if (!parsed.success || problems.length > 0) throw wrongVariables([...new Set(problems)], envFile)
  const values = parsed.data
  return {
    ...values,
    DATA_DIR: resolve(values.DATA_DIR),
    PUBLIC_URL: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    warnings: [...misspellings(given), ...idleSettings(given, values)],
    source: given,
  }
}

function withoutEmpty(source: NodeJS.ProcessEnv): Record<string, string> {
  const filled = Object.entries(source).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : []))
  return Object.fromEntries(filled)
}

function readEnvFile(path: string): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return {}
    throw new StartupProblem(`The file ${resolve(path)} cannot be read: ${reasonOf(error)}.`)
  }
}

function wrongVariables(problems: string[], envFile: string): StartupProblem {
  const lines = problems.map((problem) => `  - ${problem}`).join('\n')
  return new StartupProblem(
    `The configuration is wrong; correct these variables in the environment or in ${resolve(envFile)}:\n${lines}`,
  )
}

function describe(issue: z.core.$ZodIssue, given: Record<string, string>): string {
  const name = String(issue.path[0])
  const value = given[name] ?? ''
  const shown = isSecret(name) ? `is set (its ${value.length} characters are not shown)` : `is ${JSON.stringify(value)}`
  return `${name} ${shown}, but must be ${issue.message}.`
}

/** Values that are well formed and still cannot be meant. */
function contradictions(given: Record<string, string>): string[] {
  const problems: string[] = []
  if (given.ADMIN_PASSWORD && !given.ADMIN_EMAIL) {
    problems.push('ADMIN_PASSWORD is set, so ADMIN_EMAIL must be set too: it names the administrator.')
  }
  if (given.NODE_ENV === 'production' && given.DATABASE_URL && !given.SECRET_KEY) {
    problems.push(
      'SECRET_KEY must be set in production beside DATABASE_URL: all processes need the same one (make one with: openssl rand -base64 48).',
    )
  }
  // https://core.telegram.org/bots/api#authorizing-your-bot; a test server may give out anything.
  if (given.TELEGRAM_BOT_TOKEN && !given.TELEGRAM_API_ROOT && !/^\d+:[\w-]+$/.test(given.TELEGRAM_BOT_TOKEN)) {
    problems.push('TELEGRAM_BOT_TOKEN is not as BotFather gives it: a number, a colon, letters and digits.')
  }
  return problems
}

/** Unknown names within two keystrokes of one of ours (one for short names), numbered ones such as X_2 left alone. */
function misspellings(given: Record<string, string>): string[] {
  const known = Object.keys(variables.shape)
  return Object.keys(given).flatMap((name) => {
    if (known.includes(name) || known.includes(name.replace(/_?\d+$/, ''))) return []
    const meant = known.find((candidate) => distance(name, candidate) <= (candidate.length > 5 ? 2 : 1))
    return meant ? [`${name} is not a variable of Canaliza and has no effect; did you mean ${meant}?`] : []
  })
}

const NEEDS: [VariableName, VariableName[]][] = [
  ['MESSENGER_PAGE_ID', ['MESSENGER_PAGE_TOKEN', 'META_APP_SECRET', 'META_VERIFY_TOKEN']],
  ['INSTAGRAM_ACCOUNT_ID', ['MESSENGER_PAGE_TOKEN', 'META_APP_SECRET', 'META_VERIFY_TOKEN']],
  ['WHATSAPP_CLOUD_PHONE_ID', ['WHATSAPP_CLOUD_TOKEN', 'META_APP_SECRET', 'META_VERIFY_TOKEN']],
  ['BOTFRAMEWORK_APP_ID', ['BOTFRAMEWORK_APP_PASSWORD']],
  ['BOTFRAMEWORK_APP_PASSWORD', ['BOTFRAMEWORK_APP_ID']],
]

/** Settings that will have no effect, or not the one that was wanted. */
function idleSettings(given: Record<string, string>, values: Values): string[] {
  const warnings = NEEDS.flatMap(([name, needed]) => {
    const missing = given[name] ? needed.filter((other) => !given[other]) : []
    return missing.length > 0 ? [`${name} is set but ${missing.join(', ')} is not: that channel stays off.`] : []
  })
  if (values.TELEGRAM_MODE === 'webhook' && !values.PUBLIC_URL) {
    warnings.push('TELEGRAM_MODE is webhook but PUBLIC_URL is not set: Telegram cannot reach this machine.')
  }
  if (!values.DATABASE_URL && values.ROLES.length < ROLES.length) {
    warnings.push('ROLES leaves parts out, and without DATABASE_URL no other process can play them.')
  }
  if (values.DATABASE_URL && !values.SECRET_KEY) {
    warnings.push('SECRET_KEY is not set: it is kept in DATA_DIR, and other machines would not have the same one.')
  }
  return warnings
}
