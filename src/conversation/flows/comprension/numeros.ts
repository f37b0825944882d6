const UNIDADES: Readonly<Record<string, number>> = {
  uno: 1,
  un: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  siete: 7,
  ocho: 8,
  nueve: 9,
  diez: 10,
  once: 11,
  doce: 12,
  trece: 13,
  catorce: 14,
  quince: 15,
  dieciseis: 16,
  diecisiete: 17,
  dieciocho: 18,
  diecinueve: 19,
  veinte: 20,
  veintiuno: 21,
  veintidos: 22,
  veintitres: 23,
  veinticuatro: 24,
  veinticinco: 25,
  veintiseis: 26,
  veintisiete: 27,
  veintiocho: 28,
  veintinueve: 29,
  treinta: 30,
  cuarenta: 40,
  cincuenta: 50,
  sesenta: 60,
  setenta: 70,
  ochenta: 80,
  noventa: 90,
  cien: 100,
  ciento: 100,
  doscientos: 200,
  trescientos: 300,
  cuatrocientos: 400,
  quinientos: 500,
  seiscientos: 600,
  setecientos: 700,
  ochocientos: 800,
  novecientos: 900,
}

/** The number that begins a list of words without accents (`ciento veinte`, `dos mil uno`), below 1,000,000; undefined when none does. */
export const leerNumero = (words: readonly string[]): number | undefined => numeroDicho(words)?.numero

/** The same, and of how many words it is. */
export function numeroDicho(words: readonly string[]): { numero: number; palabras: number } | undefined {
  let total = 0
  let part: number | undefined
  let palabras = 0
  for (const [at, word] of words.entries()) {
    const value = UNIDADES[word]
    if (value !== undefined) part = (part ?? 0) + value
    else if (word === 'mil' && total === 0) {
      total = (part ?? 1) * 1000
      part = 0
    } else if (word !== 'y' || part === undefined) break
    if (word !== 'y') palabras = at + 1
  }
  const numero = total + (part ?? 0)
  return numero > 0 && numero < 1_000_000 ? { numero, palabras } : undefined
}
