const GRAPHEMES = new Intl.Segmenter('es', { granularity: 'grapheme' })

/** What ends a sentence, with the quotes and brackets that close after it; a line's end counts, a list's `1.` does not. */
const SENTENCE_END = /(?:(?<!\d)[.!?…]["'»”’)\]]*\s+|\n\s*)$/u

const isSpace = (character: string | undefined) => character !== undefined && /\s/u.test(character)

/** A sentence is only kept whole when the part before it is not left emptier than this share of the limit. */
const FULL_ENOUGH = 1 / 4

/**
 * Cuts a text into parts of at most `limit` UTF-16 units: after a sentence, else after a word, else between two letters as a
 * reader sees them (never inside an emoji or an accented letter, unless one alone is longer than the limit).
 * White space at the cuts is dropped; no part is empty.
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = []
  let rest = text.trim()
  while (rest.length > limit) {
    const end = cutAt(rest, limit)
    parts.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  if (rest !== '') parts.push(rest)
  return parts
}

function cutAt(text: string, limit: number): number {
  const ends = graphemeEnds(text, limit)
  const sentence = ends.findLast((end) => SENTENCE_END.test(text.slice(Math.max(0, end - 16), end)))
  if (sentence !== undefined && sentence >= limit * FULL_ENOUGH) return sentence
  // The character after the window may be the space: then the whole window is words.
  const word = ends.findLast((end) => isSpace(text[end - 1]) || isSpace(text[end]))
  return word ?? ends.at(-1) ?? codePointEnd(text, limit)
}

/** Where each grapheme that fits into the limit ends, ascending. */
function graphemeEnds(text: string, limit: number): number[] {
  const ends: number[] = []
  for (const { index, segment } of GRAPHEMES.segment(text)) {
    const end = index + segment.length
    if (end > limit) break
    ends.push(end)
  }
  return ends
}

/** The last place up to `limit` that is not inside a surrogate pair; at least one character. */
function codePointEnd(text: string, limit: number): number {
  const insidePair = /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(limit - 1, limit + 1))
  return Math.max(1, insidePair ? limit - 1 : limit)
}
