/** What was measured, what it should be (or nothing), what it is. */
export type Line = readonly [what: string, target: string, value: string]

/** Aligned for a terminal. */
export function printed(lines: readonly Line[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
}
