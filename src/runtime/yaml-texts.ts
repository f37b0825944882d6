import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

/** A text of a YAML file, with its keys from the root and the line on which it begins, from 1. */
export interface YamlText {
  path: readonly (string | number)[]
  text: string
  line: number
}

/** Every text of a YAML file that was read without errors, in the order of the file. */
export function yamlTexts(source: string): YamlText[] {
  const lineCounter = new LineCounter()
  const { contents } = parseDocument(source, { lineCounter })
  const found: YamlText[] = []
  const walk = (node: unknown, path: readonly (string | number)[]) => {
    if (isMap(node)) {
      for (const { key, value } of node.items) walk(value, [...path, isScalar(key) ? String(key.value) : ''])
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, index])
    } else if (isScalar(node) && typeof node.value === 'string') {
      const { line } = lineCounter.linePos(node.range?.[0] ?? 0)
      found.push({ path, text: node.value.trim(), line })
    }
  }
  walk(contents, [])
  return found
}
