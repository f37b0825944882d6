const ID = String.raw`\w+`
const LABEL = String.raw`"[^"\n]+"`

/** What `pictureOf` writes of Mermaid's language, a line each. */
const LINES = [
  new RegExp(`^ {2}(?<node>${ID})\\[${LABEL}\\]$`),
  new RegExp(`^ {2}(?<node>${ID})\\(\\[${LABEL}\\]\\)$`),
  new RegExp(`^ {2}(?<from>${ID}) -->\\|${LABEL}\\| (?<to>${ID})$`),
]

/** Ids that Mermaid takes for words of its language. */
const RESERVED = /^(?:end|graph|flowchart|subgraph|class|click|style|default|o|x)$/i

/** What is wrong with a picture's Mermaid, a line each; nothing when every viewer can draw it. */
export function mermaidFaults(source: string): string[] {
  const [head, ...lines] = source.split('\n')
  const nodes = new Set<string>()
  const used: string[] = []
  const faults = head === 'flowchart TD' ? [] : [`${head}: expected flowchart TD`]
  for (const line of lines) {
    const groups = LINES.map((pattern) => pattern.exec(line)?.groups).find((found) => found !== undefined)
    if (!groups) faults.push(`${line}: neither a node nor an arrow`)
    if (groups?.node) nodes.add(groups.node)
    used.push(...[groups?.from, groups?.to].filter((id) => id !== undefined))
  }
  const unknown = [...new Set(used)].filter((id) => !nodes.has(id)).map((id) => `${id}: an arrow to no node`)
  const reserved = [...nodes].filter((id) => RESERVED.test(id)).map((id) => `${id}: a word of Mermaid's`)
  return [...faults, ...unknown, ...reserved]
}
