/** @typedef {[number, number, number]} Rgb */

/**
 * Colours made of the one the site chose, each readable where it stands: at least 4.5:1 (WCAG 2.2, 1.4.3).
 * @param {string} accent #rrggbb
 * @returns {Record<string, string>} CSS variables
 */
export function palette(accent) {
  const base = parse(accent)
  const onAccent = contrast(base, [255, 255, 255]) >= 4.5 ? '#ffffff' : '#101413'
  return {
    '--accent': accent,
    '--on-accent': onAccent,
    '--ink-light': css(towards(base, [0, 0, 0], [238, 242, 241])),
    '--ink-dark': css(towards(base, [255, 255, 255], [42, 49, 47])),
  }
}

/**
 * `colour` moved towards `end` until it reads on `ground`.
 * @param {Rgb} colour
 * @param {Rgb} end
 * @param {Rgb} ground
 */
function towards(colour, end, ground) {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, end, share)
    if (contrast(mixed, ground) >= 4.8) return mixed
  }
  return end
}

/**
 * @param {Rgb} a
 * @param {Rgb} b
 * @param {number} share
 * @returns {Rgb}
 */
function mix(a, b, share) {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
}

/**
 * @param {Rgb} a
 * @param {Rgb} b
 */
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** @param {Rgb} colour */
function luminance([r, g, b]) {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/** @param {number} channel 0–255 */
function linear(channel) {
  const value = channel / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/**
 * @param {string} hex
 * @returns {Rgb}
 */
function parse(hex) {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** @param {Rgb} colour */
function css(colour) {
  return `rgb(${colour.map(Math.round).join(' ')})`
}
