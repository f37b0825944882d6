import { describe, expect, test } from 'vitest'
import {
  buscarColonia,
  coloniaEntrePalabras,
  etiquetaDeColonia,
  idDeColonia,
  leerLugar,
} from '../../../src/conversation/flows/registrar/colonias.ts'
import { leerDomicilio } from '../../../src/conversation/flows/registrar/domicilio.ts'
import { newTalk, speakAll } from '../talk.ts'

const colonias = [
  { nombre: 'Miramar', cp: '89604', zona: 'Urbano' },
  { nombre: 'Laguna de la Puerta', cp: '89603', zona: 'Urbano' },
  { nombre: 'Emiliano Zapata', cp: '89603', zona: 'Urbano' },
  { nombre: 'Emiliano Zapata', cp: '89610', zona: 'Rural' },
  { nombre: 'Nuevo Tampico', cp: '89604', zona: 'Urbano' },
]

describe('a colonia as it was typed', () => {
  test.each(['Miramar', 'miramar', 'Col. Miramar', 'la colonia MIRAMAR', 'en la col miramar'])(
    '%s is known',
    (typed) => {
      expect(buscarColonia(typed, colonias).una?.nombre).toBe('Miramar')
    },
  )

  test('misspelt, it is offered and not imposed', () => {
    const { una, varias } = buscarColonia('laguna de la puerte', colonias)
    expect(una).toBeUndefined()
    expect(varias[0]?.nombre).toBe('Laguna de la Puerta')
  })

  test('with the name of another, both are offered and told apart', () => {
    const { una, varias } = buscarColonia('emiliano zapata', colonias)
    expect(una).toBeUndefined()
    expect(varias.map((one) => etiquetaDeColonia(one, varias))).toEqual([
      'Emiliano Zapata (89603)',
      'Emiliano Zapata (89610)',
    ])
    expect(new Set(varias.map(idDeColonia)).size).toBe(2)
  })

  test('that nobody knows finds none', () => {
    expect(buscarColonia('Las Quintas del Valle', colonias)).toEqual({ varias: [] })
  })

  test.each([
    ['Miramar, calle Hidalgo 123', 'Hidalgo 123'],
    ['Miramar calle Hidalgo 123', 'calle Hidalgo 123'],
    ['Miramar, calle 5 frente a la iglesia', 'calle 5 frente a la iglesia'],
    ['Hidalgo 123 col. Miramar', 'Hidalgo 123'],
    ['Hidalgo 123, colonia Miramar', 'Hidalgo 123'],
  ])('%s holds a street too', (typed, rest) => {
    const { busqueda, resto } = leerLugar(typed, colonias)
    expect(busqueda.una?.nombre).toBe('Miramar')
    expect(`calle ${resto}`).toContain(rest.replace(/^calle /, ''))
  })
})

test.each([
  ['YA TE DIJE QUE MIRAMAR', 'Miramar'],
  ['que es nuevo tampico, no miramar', 'Nuevo Tampico'],
  ['emiliano zapata pues', undefined],
  ['donde siempre', undefined],
])('of «%s» the known colonia is taken, unless it may be another', (typed, nombre) => {
  expect(coloniaEntrePalabras(typed, colonias)?.nombre).toBe(nombre)
})

test.each([
  'pues en la arboledas donde va a ser, ya saben',
  'YA TE DIJE QUE ARBOLEDAS',
  'que NO, estoy diciendo que la colonia es ARBOLEDAS. la lampara esta en arboledas',
])('«%s» is the colonia, and no other subject', async (said) => {
  const talk = newTalk(true)
  await speakAll(talk, ['no sirve la lámpara de mi calle'])
  expect(talk.state.step).toBe('lugar')
  await speakAll(talk, [said])
  expect(talk.state.answers).toMatchObject({ categoria: 'ALUMBRADO', colonia: 'Arboledas' })
})

describe('a street as it was typed', () => {
  test.each([
    ['Hidalgo 123', { calle: 'Hidalgo', numero: '123' }],
    ['Hidalgo #123-B', { calle: 'Hidalgo', numero: '123-B' }],
    [
      'Hidalgo num. 12 entre Juárez y Morelos',
      { calle: 'Hidalgo', numero: '12', referencias: 'entre Juárez y Morelos' },
    ],
    ['Hidalgo, 45, frente al Oxxo', { calle: 'Hidalgo', numero: '45', referencias: 'frente al Oxxo' }],
    ['Calle 5', { calle: 'Calle 5' }],
    ['calle 5 esquina con Allende', { calle: 'calle 5', referencias: 'esquina con Allende' }],
    ['Nogal s/n a un lado de la tienda', { calle: 'Nogal', numero: 'S/N', referencias: 'a un lado de la tienda' }],
    ['Nogal sin número', { calle: 'Nogal', numero: 'S/N' }],
    ['Av. de la Industria', { calle: 'Av. de la Industria' }],
    ['5 de Mayo 210', { calle: '5 de Mayo', numero: '210' }],
    ['enfrente del mercado', { calle: 'enfrente del mercado' }],
    ['123', { calle: '123' }],
  ])('%s', (typed, read) => {
    expect(leerDomicilio(typed)).toEqual(read)
  })
})

describe('the number of a house in words', () => {
  test.each([
    ['calle nogal cuarenta y cinco', 'calle nogal', '45'],
    ['nogal ciento veinte', 'nogal', '120'],
    ['pino dos mil trescientos uno', 'pino', '2301'],
    ['hidalgo sin número', 'hidalgo', 'S/N'],
    ['calle cinco', 'calle cinco', undefined],
    ['calle cinco de mayo', 'calle cinco de mayo', undefined],
    ['calle Los Tres Reyes', 'calle Los Tres Reyes', undefined],
  ])('%s', (typed, calle, numero) => {
    expect(leerDomicilio(typed)).toEqual({ calle, ...(numero && { numero }) })
  })
})
