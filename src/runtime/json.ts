/**
 * JSON that PostgreSQL's jsonb accepts whatever a client sent: it has no place for U+0000 and none for half a surrogate pair,
 * in values or in keys.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storable(part)
    if (isPlainObject(part) && Object.keys(part).some((key) => storable(key) !== key)) {
      return Object.fromEntries(Object.entries(part).map(([key, entry]) => [storable(key), entry]))
    }
    return part
  })
}

/** The text without what PostgreSQL has no place for: U+0000, and half of a surrogate pair. */
export const storable = (text: string) => text.toWellFormed().replaceAll('\0', '')

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
