/** Order matters: Edge and Opera say that they are Chrome too, and Chrome that it is Safari. */
const NAVEGADORES: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Internet de Samsung'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const SISTEMAS: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/CrOS/, 'Chromebook'],
  [/Linux/, 'Linux'],
]

/** What a browser says of itself, as people name it; absent when it says nothing known. */
export interface Dispositivo {
  navegador: string | undefined
  sistema: string | undefined
}

/** Reads the User-Agent header. */
export function dispositivoDe(userAgent: string | null): Dispositivo {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1]
  return { navegador: find(NAVEGADORES), sistema: find(SISTEMAS) }
}
