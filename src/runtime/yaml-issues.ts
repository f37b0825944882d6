import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'

type RawIssue = z.core.$ZodRawIssue

/** One thing that is wrong with a value: where, the offending key if it is one, and a sentence without its final stop. */
export interface Issue {
  path: PropertyKey[]
  key?: string
  sentence: string
}

/** Validates `input`, and says of every fault what was expected; `value` is absent when there is any. */
export function describeIssues<T>(schema: z.ZodType<T>, input: unknown): { value?: T; issues: Issue[] } {
  const known = new Map<string, string[]>()
  const result = schema.safeParse(input, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') known.set(place(issue.path), keysOf(issue.inst))
      return sentenceFor(issue)
    },
  })
  if (result.success) return { value: result.data, issues: [] }
  return { issues: result.error.issues.flatMap((issue) => explain(issue, known)) }
}

const place = (path: readonly PropertyKey[] | undefined): string => JSON.stringify((path ?? []).map(String))

const keysOf = (schema: unknown): string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])

function explain(issue: z.core.$ZodIssue, known: Map<string, string[]>): Issue[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, sentence: issue.message }]
  const keys = known.get(place(issue.path)) ?? []
  return issue.keys.map((key) => ({ path: issue.path, key, sentence: unknownKey(key, keys) }))
}

function unknownKey(key: string, known: string[]): string {
  if (known.length === 0) return 'unknown key'
  const near = closest(key.toLowerCase(), known)
  if (distance(key.toLowerCase(), near) <= Math.max(2, near.length / 3)) return `unknown key (did you mean "${near}"?)`
  return `unknown key; expected one of ${known.join(', ')}`
}

/** In our words for what a person edits by hand; zod's own for the rest. */
function sentenceFor(issue: RawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return wrongKind(issue.inst instanceof z.ZodNumberFormat ? 'int' : issue.expected, issue.input)
  if (issue.code === 'invalid_value') return wrongValue(issue.values, issue.input)
  if (issue.code === 'too_small') return bound(issue, `at least ${issue.minimum}`)
  if (issue.code === 'too_big') return bound(issue, `at most ${issue.maximum}`)
  if (issue.code === 'invalid_format') return `expected ${FORMATS[issue.format] ?? issue.format}`
  if (issue.code === 'invalid_union' && Array.isArray(issue.options))
    return `expected one of ${issue.options.join(', ')}`
  return undefined
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
}
const FORMATS: Record<string, string> = {
  url: 'a web address',
  date: 'a date such as 2026-12-24',
  time: 'a time such as 08:30',
  email: 'an e-mail address',
}

function wrongKind(expected: string, input: unknown): string {
  const wanted = KINDS[expected] ?? expected
  if (input === undefined) return `missing; expected ${wanted}`
  return `expected ${wanted}, found ${kindOf(input)}`
}

/** Says kinds and never values: a value may be a secret. */
function kindOf(input: unknown): string {
  if (input === null) return 'nothing'
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'number') return Number.isInteger(input) ? 'a number' : 'a number with decimals'
  return KINDS[typeof input] ?? typeof input
}

function wrongValue(values: readonly unknown[], input: unknown): string {
  const options = values.map(String)
  if (input === undefined) return `missing; expected one of ${options.join(', ')}`
  const wanted = options.length === 1 ? `expected ${options[0]}` : `expected one of ${options.join(', ')}`
  const near = typeof input === 'string' ? closest(input.toLowerCase(), options) : ''
  const close = near && typeof input === 'string' && distance(input.toLowerCase(), near) <= 2
  return close ? `${wanted} (did you mean "${near}"?)` : wanted
}

function bound(issue: RawIssue & { origin: string }, limit: string): string {
  if (issue.origin === 'string') return `expected text of ${limit} characters`
  if (issue.origin === 'array') return `expected a list of ${limit} entries`
  return `expected a number of ${limit}`
}
