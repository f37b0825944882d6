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
export function leerNumero(words: readonly string[]): number | undefined {
  let total = 0
  let part: number | undefined
  for (const word of words) {
    const value = UNIDADES[word]
    if (value !== undefined) part = (part ?? 0) + value
    else if (word === 'mil' && total === 0) {
      total = (part ?? 1) * 1000
      part = part === undefined ? 0 : 0
    } else if (word !== 'y' || part === undefined) break
  }
  const number = total + (part ?? 0)
  return number > 0 && number < 1_000_000 ? number : undefined
}
