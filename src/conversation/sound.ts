/** How Spanish spells what sounds the same in Mexico, longest first; `R` is the strong r between vowels. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/ch/g, 'CH'],
  [/^hu(?=[aei])/, 'gu'],
  [/h/g, ''],
  [/ll/g, 'y'],
  [/qu(?=[ei])/g, 'k'],
  [/c(?=[ei])/g, 's'],
  [/[cq]/g, 'k'],
  [/[zx]/g, 's'],
  [/v/g, 'b'],
  [/w/g, 'gu'],
  [/g(?=[ei])/g, 'j'],
  [/y$/, 'i'],
  [/CH/g, 'ch'],
  [/^rr/, 'r'],
  [/rr+/g, 'R'],
]

/** A word as it sounds: `vache`, `bache` and `BACHÉ` are one, and so are `lus` and `luz`, `ollo` and `hoyo`. */
export function sound(word: string): string {
  const bare = word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return SOUNDS.reduce((text, [spelling, as]) => text.replace(spelling, as), bare).replace(/(\p{L})\1+/gu, '$1')
}

/** Endings of verbs, plurals, genders and small forms, as they sound. */
const ENDINGS =
  /(?:(?:andose|iendose|andonos|andolo|andola|iendo|yendo|ando|aron|ieron|aban|aba|ados|adas|ado|ada|idos|idas|ido|ida|amos|emos|imos|aria|itos|itas|ito|ita|asion|siones)|(?:ar|er|ir|an|en|as|es|os|a|e|o|s|n))$/

/** A sounded word without its ending, at least three letters: `tira`, `tirando`, `tirados` are one, and so are `bache` and `baches`. */
export function stem(sounded: string): string {
  if (sounded.length <= 3 || /\d/.test(sounded)) return sounded
  const cut = sounded.replace(ENDINGS, '')
  if (cut.length >= 3) return cut
  const short = sounded.replace(/(?:as|es|os|an|en|a|e|o|s|n)$/, '')
  return short.length >= 3 ? short : sounded
}

/** The same for English, as it sounds here: `leaks`, `leaking`, `leaked`; `trees` and `tree`. */
export function stemEnglish(sounded: string): string {
  if (sounded.length <= 3 || /\d/.test(sounded)) return sounded
  const cut = sounded.replace(/(?:ings|ing|edly|ed|ies|es|ers|er|s|y|i|e)$/, '')
  return cut.length >= 3 ? cut : sounded
}
