/** How Spanish spells what sounds the same in Mexico, longest first. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/ch/g, 'CH'],
  [/^hu(?=[aei])/, 'gu'],
  [/h/g, ''],
  [/ll/g, 'y'],
  [/qu(?=[ei])/g, 'k'],
  [/c(?=[ei])/g, 's'],
  [/c/g, 'k'],
  [/[zx]/g, 's'],
  [/v/g, 'b'],
  [/g(?=[ei])/g, 'j'],
  [/y$/, 'i'],
  [/CH/g, 'ch'],
]

/** A word as it sounds: `vache`, `bache` and `BACHÉ` are one, and so are `lus` and `luz`, `ollo` and `hoyo`. */
export function sound(word: string): string {
  const bare = word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return SOUNDS.reduce((text, [spelling, as]) => text.replace(spelling, as), bare).replace(/(\p{L})\1+/gu, '$1')
}

/** A sounded word without plural and gender, so that `baches`, `bache` and `tirada`, `tirados` are one. */
export function stem(sounded: string): string {
  const single = sounded.length > 3 ? sounded.replace(/s$/, '') : sounded
  return single.length > 3 ? single.replace(/[aeo]$/, '') : single
}

/** The words of a text as they sound, in order. */
export const soundsOf = (text: string): string[] => (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(sound)
