// Drawn by strokes on a grid of 4 by 6, because a machine without fonts would leave the pictures unlabelled.
const STROKES: Record<string, string> = {
  A: 'M0 6L2 0L4 6M.8 4H3.2',
  B: 'M3 3H0V0H3L4 1V2L3 3L4 4V5L3 6H0V3',
  C: 'M4 1L3 0H1L0 1V5L1 6H3L4 5',
  D: 'M0 0V6H2.5L4 4.5V1.5L2.5 0Z',
  E: 'M4 0H0V6H4M0 3H3',
  F: 'M4 0H0V6M0 3H3',
  I: 'M2 0V6M1 0H3M1 6H3',
  J: 'M4 0V5L3 6H1L0 5',
  L: 'M0 0V6H4',
  M: 'M0 6V0L2 3L4 0V6',
  N: 'M0 6V0L4 6V0',
  O: 'M1 0H3L4 1V5L3 6H1L0 5V1Z',
  P: 'M0 6V0H3L4 1V2L3 3H0',
  R: 'M0 6V0H3L4 1V2L3 3H0M2 3L4 6',
  S: 'M4 1L3 0H1L0 1V2L1 3H3L4 4V5L3 6H1L0 5',
  T: 'M0 0H4M2 0V6',
  U: 'M0 0V5L1 6H3L4 5V0',
  0: 'M1 0H3L4 1V5L3 6H1L0 5V1ZM1 5L3 1',
  1: 'M1 1L2 0V6M1 6H3',
  2: 'M0 1L1 0H3L4 1V2L0 6H4',
  3: 'M0 0H4L2 2.5L4 4V5L3 6H1L0 5',
  4: 'M3 6V0L0 4H4',
  5: 'M4 0H0V2.5H3L4 3.5V5L3 6H0',
  6: 'M4 0H1L0 1V5L1 6H3L4 5V4L3 3H0',
  7: 'M0 0H4L1.5 6',
  8: 'M1 3H3L4 2V1L3 0H1L0 1V2L1 3L0 4V5L1 6H3L4 5V4L3 3',
  9: 'M4 3H1L0 2V1L1 0H3L4 1V5L3 6H0',
  '-': 'M1 3H3',
}

const ADVANCE = 5.6

/** Where a line of letters stands; `size` is the height of a letter. */
export interface Line {
  x: number
  y: number
  size: number
  color: string
}

/** SVG of a line of capitals, digits, spaces and dashes; other characters are left blank. */
export function drawText(text: string, { x, y, size, color }: Line): string {
  const scale = size / 6
  const glyphs = [...text].map((letter, at) => {
    const strokes = STROKES[letter]
    return strokes ? `<path transform="translate(${at * ADVANCE} 0)" d="${strokes}"/>` : ''
  })
  return `<g transform="translate(${x} ${y}) scale(${scale})" fill="none" stroke="${color}" stroke-width=".9" stroke-linecap="round" stroke-linejoin="round">${glyphs.join('')}</g>`
}
