import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedComprension } from './shipped.ts'

const comprension = await shippedComprension()
const { comprender } = comprension

describe('what a message wants', () => {
  test.each([
    ['quiero hablar con una persona', 'persona'],
    ['me puede atender alguien por favor', 'persona'],
    ['como va mi reporte', 'consultar'],
    ['quiero saber de mi folio', 'consultar'],
    ['borren mis datos', 'privacidad'],
    ['ya no me manden mensajes', 'baja'],
    ['ya no quiero nada', 'cancelar'],
    ['como funciona esto', 'ayuda'],
    ['a que hora abren', 'informacion'],
    ['que necesito para una despensa', 'informacion'],
    ['ya reporté el bache y no vienen', 'queja_del_servicio'],
    ['hay un bache en mi calle', undefined],
  ])('%s', (text, intencion) => {
    expect(comprender(text).intencion).toBe(intencion)
  })
})

describe('the category', () => {
  test('is told with the words that spoke for it, and how sure it is', () => {
    const [first] = comprender('hay una lámpara fundida en la calle').asuntos
    expect(first).toMatchObject({ topic: 'ALUMBRADO' })
    expect(first?.because).toContain('lámpara')
    expect(first?.confidence).toBeGreaterThan(0.8)
  })

  test.each([
    ['no hay luz en mi casa', 'FUERA_CFE'],
    ['no hay luz en la calle', 'ALUMBRADO'],
    ['no es bache es una fuga de agua', 'AGUA_FUGA'],
    ['no es la primera vez que reporto el bache', 'BACHEO'],
    ['k onda xq no a pasado la vasura', 'BASURA'],
    ['nohayagua en la colonia', 'AGUA_FALTA'],
    ['VACHE ENORMEEEE', 'BACHEO'],
    ['ai una luminaria fundidaaa', 'ALUMBRADO'],
    ['vivo en tampico y no pasa la basura', 'FUERA_VECINO'],
    [
      'fui ayer al centro con mi mamá por unas medicinas y de regreso pasamos a la tienda y luego por mi hijo a la escuela y total que en el crucero no sirve el semáforo',
      'SEMAFORO',
    ],
  ])('%s', (text, categoria) => {
    expect(comprender(text).asuntos[0]?.topic).toBe(categoria)
  })

  test('is not taken from the name of the place', () => {
    expect(comprender('hay un bache en la colonia monte alto').asuntos[0]?.topic).toBe('BACHEO')
    expect(comprender('baches monte alto').asuntos[0]?.topic).toBe('BACHEO')
    expect(comprender('hay mucho monte alto').asuntos[0]?.topic).toBe('MALEZA')
  })

  test('of the neighbouring town is not taken from the name of a street or a colonia', () => {
    for (const text of ['bache en la colonia Nuevo Madero', 'hay una fuga en la calle Tampico'])
      expect(comprender(text).asuntos[0]?.topic).not.toBe('FUERA_VECINO')
  })
})

describe('the place', () => {
  test.each([
    ['fuga en la calle Hidalgo 305, colonia Miramar', { colonia: 'Miramar', calle: 'calle Hidalgo', numero: '305' }],
    ['bache en av. Monterrey #12 col. miramar', { colonia: 'Miramar', calle: 'av. Monterrey', numero: '12' }],
    [
      'calle cinco de mayo numero ciento veinte colonia las flores hay una fuga',
      { colonia: 'las flores', calle: 'calle cinco de mayo', numero: '120' },
    ],
    [
      'perro muerto en la calle 5 de mayo 210, monte alto',
      { colonia: 'Monte Alto', calle: 'calle 5 de mayo', numero: '210' },
    ],
    ['no hay agua en miramar', { colonia: 'Miramar' }],
    ['baches monte alto x favor', { colonia: 'Monte Alto' }],
    ['hay mucho monte alto', {}],
    ['bache en calle nogal 12 de la colonia monte alto', { colonia: 'Monte Alto', calle: 'calle nogal', numero: '12' }],
    ['el parque miramar está sucio', {}],
    ['en la colonia de mi mamá', {}],
    ['hay un bache enfrente de mi casa', {}],
    [
      'lampara fundida entre juarez y morelos en la colonia nuevo tampico',
      { colonia: 'Nuevo Tampico', referencias: 'entre juarez y morelos' },
    ],
    ['la calle rota de mi colonia', {}],
    ['fuga en hidalgo 305 desde hace 2 dias', { calle: 'hidalgo', numero: '305' }],
  ])('%s', (text, lugar) => {
    expect(comprender(text).lugar).toEqual(lugar)
  })

  test('of two colonias with one name is asked', () => {
    const { lugar } = comprender('bache en la colonia alejandro briones')
    expect(lugar.coloniaEscrita ?? lugar.colonia).toMatch(/alejandro briones/i)
  })
})

describe('several problems in one message', () => {
  test.each([
    ['hay un bache y también una lámpara fundida', ['BACHEO', 'ALUMBRADO']],
    ['no ha pasado la basura. Aparte hay un perro muerto en la esquina', ['BASURA', 'ANIMAL_MUERTO']],
    ['hay un bache y una fuga de agua', ['BACHEO', 'AGUA_FUGA']],
  ])('%s', (text, categorias) => {
    expect(comprender(text).partes.map(({ asuntos: [first] }) => first?.topic)).toEqual(categorias)
  })

  test.each([
    'hay un animal muerto y huele feo',
    'no hay luz en la calle y da miedo pasar',
    'no hay banquetas y los niños caminan por la calle',
    'hay un bache y ya se poncharon dos carros',
  ])('but one and its effect are one: %s', (text) => {
    expect(comprender(text).partes).toEqual([])
  })
})

test('who does not want to be known says so in many ways', () => {
  for (const text of ['quiero reportar de forma anónima un bar', 'que no sepan quien soy', 'no quiero dar mi nombre'])
    expect(comprender(text).anonima).toBe(true)
  expect(comprender('hay un bache').anonima).toBe(false)
})

test.each([
  'me da miedo que sepan que fui yo',
  'van a saber que fui yo',
  'no quiero problemas con el vecino',
  'que no se entere',
  'da miedo que me haga algo el vecino',
  'tengo miedo de que se enteren que los reporte',
])('who fears to be known tells of no subject: %s', (text) => {
  expect(comprender(text)).toMatchObject({ anonima: true, asuntos: [] })
})

test('who fears something else is not taken to be afraid of being known', () => {
  for (const text of ['no hay luz y me da miedo salir', 'tengo problemas con el vecino por una barda'])
    expect(comprender(text).anonima).toBe(false)
  expect(comprender('el vecino quema basura, me da miedo que se entere').asuntos[0]?.topic).toBe('CONTAMINACION')
})

describe('whatever is written', () => {
  const hostile = [
    'a'.repeat(100_000),
    'bache '.repeat(20_000),
    '¡¿'.repeat(50_000),
    'no es '.repeat(20_000),
    'calle '.repeat(20_000),
    'ﷺ\u202E\u200B\u200D'.repeat(20_000),
    '👨‍👩‍👧‍👦'.repeat(10_000),
    'מים בכביש '.repeat(8_000),
    '\0\uD800\uDFFF',
    'aeiou'.repeat(20_000).replace(/(.{7})/g, '$1 '),
  ]

  test.each(hostile.map((text) => [text.slice(0, 12), text]))('%j… is read in bounded time', (_, text) => {
    comprender(text)
    const start = process.cpuUsage()
    comprender(`${text} `)
    const { user } = process.cpuUsage(start)
    expect(user / 1000).toBeLessThan(1000)
  })

  test('it is understood without failing, and the same each time', async () => {
    const again = await shippedComprension()
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), words()), (text) => {
        const first = comprender(text)
        expect(again.comprender(text)).toEqual(first)
        const sum = first.asuntos.reduce((total, { confidence }) => total + confidence, 0)
        expect(sum).toBeLessThanOrEqual(1.0001)
      }),
      { numRuns: 300, seed: 26 },
    )
  })
})

/** Sentences of words the lexicon knows, in no order. */
function words() {
  const known = [
    'no',
    'hay',
    'agua',
    'calle',
    'Hidalgo',
    '5',
    'colonia',
    'miramar',
    'y',
    'bache',
    'se',
    'quema',
    'gas',
    'es',
    'sino',
    'también',
    'entre',
    'esquina',
    '#',
    '.',
    'numero',
    'ciento',
    'mil',
  ]
  return fc.array(fc.constantFrom(...known), { maxLength: 40 }).map((list) => list.join(' '))
}
