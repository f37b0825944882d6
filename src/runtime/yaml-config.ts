import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import {
  type Document,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import type { z } from 'zod'
import { StartupProblem } from './problem.ts'
import { describeIssues } from './yaml-issues.ts'

/** How to read a file of config/. */
export interface ReadYamlOptions {
  /** When given, `${NAME}` in any text is replaced by this environment's value; a missing one is an error of the file. */
  env?: Record<string, string | undefined>
}

/** One error of a file, with the character at which it stands. */
interface Finding {
  offset: number
  sentence: string
}

type Path = readonly PropertyKey[]
type Parsed = Document.Parsed<ParsedNode>

/**
 * Reads and validates one YAML file; unknown keys, tabs and repeated keys are errors.
 * @throws {StartupProblem} naming every error found, one line each: file, line, column and what was expected.
 */
export async function readYaml<T>(file: string, schema: z.ZodType<T>, options: ReadYamlOptions = {}): Promise<T> {
  return parseYaml(await readText(file), relative(process.cwd(), file), schema, options)
}

/** As `readYaml`, for text already read; `file` is the name used in the errors. */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>, options: ReadYamlOptions = {}): T {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const findings = syntaxFindings(document.errors, text)
  const missing = options.env ? substitute(document, options.env) : []
  const result = readable(document) ? validate(document, schema) : { findings: [] }
  const all = [...findings, ...missing, ...result.findings]
  if (all.length > 0 || !('value' in result)) throw new StartupProblem(report(all, file, lines))
  return result.value
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const reason =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'it does not exist' : String(cause)
    throw new StartupProblem(`The configuration file ${relative(process.cwd(), file)} cannot be read: ${reason}.`)
  }
}

/** A repeated key leaves a document whose other errors can be told too; any other syntax error would only cause echoes. */
const readable = (document: Parsed): boolean => document.errors.every((error) => error.code === 'DUPLICATE_KEY')

/** Every repeated key and every tab; else the first error alone, because those after it are its echoes. */
function syntaxFindings(errors: YAMLError[], text: string): Finding[] {
  const repeated = errors.filter((error) => error.code === 'DUPLICATE_KEY')
  const others = errors.filter((error) => error.code !== 'DUPLICATE_KEY')
  if (others.some((error) => error.code === 'TAB_AS_INDENT')) return [...repeated.map(describeSyntax), ...tabs(text)]
  return [...repeated, ...others.slice(0, 1)].map(describeSyntax)
}

function tabs(text: string): Finding[] {
  return [...text.matchAll(/^ *\t/gm)].map((match) => ({ offset: match.index, sentence: TAB }))
}

const TAB = 'a tab is used for indentation; expected spaces'

function describeSyntax(error: YAMLError): Finding {
  const sentences: Partial<Record<YAMLError['code'], string>> = {
    DUPLICATE_KEY: 'this key appears twice in the same block; expected it once',
    BAD_INDENT: 'the indentation does not match the lines above; expected the same number of spaces as its neighbours',
    MULTIPLE_DOCS: 'a second document begins here; expected one document a file',
  }
  return { offset: error.pos[0], sentence: sentences[error.code] ?? `this is not valid YAML: ${error.message}` }
}

/** Puts the environment's values into the document's texts. */
function substitute(document: Parsed, env: Record<string, string | undefined>): Finding[] {
  const findings: Finding[] = []
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return
      const offset = node.range?.[0] ?? 0
      node.value = node.value.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
        const value = env[name]
        if (value) return value
        findings.push({
          offset,
          sentence: `expected the environment variable ${name} to be set, because this value uses it`,
        })
        return whole
      })
    },
  })
  return findings
}

function validate<T>(document: Parsed, schema: z.ZodType<T>): { findings: Finding[]; value?: T } {
  const written = expand(document)
  if (!written) return { findings: [{ offset: 0, sentence: 'its aliases repeat too much; expected each value once' }] }
  const { value, issues } = describeIssues(schema, written.value)
  const findings = issues.map(({ path, key, sentence }) => {
    const name = [...path, ...(key === undefined ? [] : [key])].map(String).join('.')
    return { offset: offsetOf(document, path, key), sentence: name ? `${name}: ${sentence}` : sentence }
  })
  return value === undefined ? { findings } : { findings, value }
}

/** The plain values; undefined when aliases of aliases would fill the memory (the parser's own limit). */
function expand(document: Parsed): { value: unknown } | undefined {
  try {
    return { value: document.toJS() }
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

/** Where the value at `path` begins, or its key when `key` is given; for a value that is missing, its nearest parent. */
function offsetOf(document: Parsed, path: Path, key?: string): number {
  const node = document.getIn(path, true)
  if (key !== undefined && isMap(node)) return keyOffset(node.items, key)
  if (isScalar(node) || isMap(node) || hasRange(node)) return node.range?.[0] ?? 0
  return path.length === 0 ? 0 : parentOffset(document, path)
}

function parentOffset(document: Parsed, path: Path): number {
  const parent = document.getIn(path.slice(0, -1), true)
  const own = isMap(parent)
    ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === path.at(-1))
    : undefined
  return own ? keyOffset([own], String(path.at(-1))) : offsetOf(document, path.slice(0, -1))
}

function keyOffset(items: readonly unknown[], key: string): number {
  for (const item of items) {
    if (isPair(item) && isScalar(item.key) && item.key.value === key) return item.key.range?.[0] ?? 0
  }
  return 0
}

const hasRange = (node: unknown): node is { range?: [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node

function report(findings: Finding[], file: string, lines: LineCounter): string {
  const sorted = findings.toSorted((a, b) => a.offset - b.offset)
  return sorted
    .map(({ offset, sentence }) => {
      const { line, col } = lines.linePos(offset)
      return `${file}:${line}:${col} ${sentence}.`
    })
    .join('\n')
}
