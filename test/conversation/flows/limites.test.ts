import { describe, expect, it } from 'vitest'
import { type Limites, limitesSchema, sueloDe } from '../../../src/conversation/flows/limites/limites.ts'
import { buscarColonia } from '../../../src/conversation/flows/registrar/colonias.ts'
import { newTalk, settings, speak } from '../talk.ts'

/** A square of a tenth of a degree, some eleven kilometres, and its neighbour to the east. */
const CUADRO: Limites = limitesSchema.parse({
  tolerancia_m: 300,
  municipio: [
    [
      [-98, 22],
      [-97.9, 22],
      [-97.9, 22.1],
      [-98, 22.1],
      [-98, 22],
    ],
  ],
  vecinos: [
    {
      nombre: 'Al Lado',
      poligonos: [
        [
          [-97.9, 22],
          [-97.8, 22],
          [-97.8, 22.1],
          [-97.9, 22.1],
          [-97.9, 22],
        ],
      ],
    },
  ],
})

describe('where the municipality ends', () => {
  it.each([
    ['well within', 22.05, -97.95, { kind: 'nuestro' }],
    ['a little outside, as maps and telephones err', 22.05, -97.898, { kind: 'nuestro' }],
    ['in the neighbour’s', 22.05, -97.85, { kind: 'vecino', nombre: 'Al Lado', aQuien: '' }],
    ['far from all', 19.43, -99.13, { kind: 'lejos' }],
  ])('a point %s is told', (_what, latitud, longitud, suelo) => {
    expect(sueloDe(CUADRO, { latitud, longitud })).toEqual(suelo)
  })

  it.each([
    ['the town hall', 22.3928, -97.9403, undefined],
    ['the port', 22.4836, -97.8757, undefined],
    ['Tampico’s centre', 22.2167, -97.8575, 'Tampico'],
    ['Ciudad Madero’s centre', 22.2744, -97.8316, 'Ciudad Madero'],
    ['González', 22.8269, -98.4306, 'González'],
    ['Aldama', 22.9214, -98.0733, 'Aldama'],
  ])('as shipped, %s lies where it is', (_what, latitud, longitud, vecino) => {
    const suelo = sueloDe(settings.limites, { latitud, longitud })
    expect(suelo).toMatchObject(vecino ? { kind: 'vecino', nombre: vecino } : { kind: 'nuestro' })
  })

  it.each([
    [
      'latitude and longitude are swapped',
      {
        municipio: [
          [
            [22, -98],
            [22, -97],
            [23, -97],
            [22, -98],
          ],
        ],
      },
    ],
    [
      'it is not closed',
      {
        municipio: [
          [
            [-98, 22],
            [-97, 22],
            [-97, 23],
            [-98, 23],
          ],
        ],
      },
    ],
    ['there is none', { municipio: [] }],
  ])('a file is refused when %s', (_what, cambio) => {
    expect(limitesSchema.safeParse({ ...CUADRO, ...cambio }).success).toBe(false)
  })
})

describe('a colonia', () => {
  const MAGISTERIAL = [
    { nombre: 'Magisterial', cp: '89605', zona: 'Urbano', latitud: 22.401, longitud: -97.932 },
    { nombre: 'Magisterial', cp: '89610', zona: 'Rural', latitud: 22.5, longitud: -98.1 },
    { nombre: 'Miramar', cp: '89604', zona: 'Urbano', latitud: 22.404, longitud: -97.932 },
  ]

  it('that has a namesake is told by its postal code or zone, however it is typed', () => {
    for (const escrita of ['Magisterial 89610', 'col. magisterial (CP 89610)', 'magisterial rural'])
      expect(buscarColonia(escrita, MAGISTERIAL).una?.cp ?? escrita).toBe('89610')
    expect(buscarColonia('magisterial', MAGISTERIAL).varias).toHaveLength(2)
  })

  /** A talk in a town whose catalogue says where its colonias are. */
  const conMapa = () => {
    const talk = newTalk(true)
    return Object.assign(talk, { services: { ...talk.services, colonias: () => MAGISTERIAL } })
  }

  it('near the pin is proposed, nearest first, and taken by a yes', async () => {
    const talk = conMapa()
    await speak(talk, 'hay un bache enorme')
    const { replies } = await speak(talk, '/lugar 22.4012 -97.9321')
    expect(replies.at(-1)?.options?.map(({ label }) => label)).toEqual([
      'Magisterial (89605)',
      'Miramar',
      'Ninguna, o no sé',
    ])
    await speak(talk, 'si')
    expect(talk.state.answers).toMatchObject({ colonia: 'Magisterial (89605)' })
  })

  it('near the pin is never demanded', async () => {
    const talk = conMapa()
    for (const said of ['hay un bache enorme', '/lugar 22.4012 -97.9321', 'no sé']) await speak(talk, said)
    expect(talk.state.step).toBe('fotos')
    expect(talk.state.answers.colonia).toBeUndefined()
  })
})
