/** The value below which the given share (0 to 1) of the numbers lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** One line of the table: what was measured, what came out, and the figure to reach. */
export interface Figure {
  what: string
  measured: string
  goal: string
}

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`

/** The lines as Markdown. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, goal }) => `| ${what} | ${measured} | ${goal} |`)
  return ['| what | measured | to reach |', '|---|---|---|', ...rows].join('\n')
}
