import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { aplicar, SinLugar } from '../../../src/workflow/configuracion/aplicar.ts'
import { diferencias, ORDEN, valorDe, valorEn } from '../../../src/workflow/configuracion/cambios.ts'
import { fundir } from '../../../src/workflow/configuracion/recibir-archivos.ts'

const catalogo = await readFile('config/catalogo.yaml', 'utf8')
const municipio = await readFile('config/municipio.yaml', 'utf8')
const mensajes = await readFile('config/mensajes.es.yaml', 'utf8')

const puesto = (documento: string, ruta: string[], despues: string | number | object | undefined) => ({
  documento,
  ruta,
  despues: despues as never,
})

describe('changes of a document', () => {
  const cambios = [
    puesto('catalogo', ['categorias', 'BACHEO', 'plazo_dias'], 9),
    puesto('catalogo', ['categorias', 'BACHEO', 'aviso'], 'Un renglón.\nOtro: con dos puntos.'),
    puesto('catalogo', ['categorias', 'BACHEO', 'palabras'], ['bache', 'hoyo: grande']),
    puesto('catalogo', ['colonias', 'Colonia Nueva|89600'], { nombre: 'Colonia Nueva', cp: '89600' }),
    puesto('catalogo', ['colonias', 'Miramar|89604'], undefined),
  ]

  it('are found as they were made, and undone leave what was there', () => {
    const nuevo = aplicar(catalogo, cambios)
    const hallados = diferencias('catalogo', valorDe(catalogo), valorDe(nuevo))
    expect(hallados).toHaveLength(cambios.length)
    expect(hallados).toContainEqual({ ...cambios[0], antes: 10 })
    const deVuelta = diferencias('catalogo', valorDe(nuevo), valorDe(catalogo))
    expect(diferencias('catalogo', valorDe(catalogo), valorDe(aplicar(nuevo, deVuelta)))).toEqual([])
  })

  it('say another order of questions, which is of no other list, and a question in the middle goes back there', () => {
    const lista = ['categorias', 'ALUMBRADO', 'preguntas']
    const ruta = [...lista, ORDEN]
    const [primera = '', segunda = '', ...otras] = valorEn(valorDe(catalogo), ruta) as string[]
    const nuevo = aplicar(catalogo, [{ documento: 'catalogo', ruta, despues: [segunda, primera, ...otras] }])
    const hallados = diferencias('catalogo', valorDe(catalogo), valorDe(nuevo))
    expect(hallados.map((one) => [one.ruta, one.despues])).toEqual([[ruta, [segunda, primera, ...otras]]])
    const sinElla = aplicar(catalogo, [puesto('catalogo', [...lista, primera], undefined)])
    const deVuelta = aplicar(sinElla, diferencias('catalogo', valorDe(sinElla), valorDe(catalogo)))
    expect(valorEn(valorDe(deVuelta), lista)).toEqual(valorEn(valorDe(catalogo), lista))
  })

  it('keep the comments of the file', () => {
    const nuevo = aplicar(catalogo, cambios)
    const comentarios = (text: string) => text.match(/# [^\n]+/g)?.length
    expect(comentarios(nuevo)).toBe(comentarios(catalogo))
  })

  it('keep several lines of a text, and one line where there were several', () => {
    const nuevo = aplicar(mensajes, [
      puesto('mensajes.es', ['general', 'no_entendi'], 'Uno\nDos'),
      puesto('mensajes.es', ['general', 'ayuda'], 'Una: sola #línea'),
    ])
    expect(valorDe(nuevo)).toMatchObject({ general: { no_entendi: 'Uno\nDos', ayuda: 'Una: sola #línea' } })
  })

  it('fill a list that was empty', () => {
    const dia = { fecha: '2027-03-25', nombre: 'Jueves Santo' }
    const nuevo = aplicar(municipio, [puesto('municipio', ['dias_inhabiles', dia.fecha], dia)])
    expect(valorDe(nuevo)).toMatchObject({ dias_inhabiles: [dia] })
  })

  it('are refused where there is no place for them', () => {
    expect(() => aplicar(catalogo, [puesto('catalogo', ['categorias', 'NO_HAY', 'plazo_dias'], 9)])).toThrow(SinLugar)
  })
})

describe('a file that was edited while the panel was used too', () => {
  const propio = aplicar(catalogo, [
    puesto('catalogo', ['categorias', 'BACHEO', 'plazo_dias'], 9),
    puesto('catalogo', ['categorias', 'BACHEO', 'prioridad'], 'alta'),
  ])

  it('takes over what the panel changed elsewhere, and wins where both changed the same', () => {
    const archivo = aplicar(catalogo, [
      puesto('catalogo', ['categorias', 'BACHEO', 'plazo_dias'], 7),
      puesto('catalogo', ['categorias', 'OTRO', 'plazo_dias'], 4),
    ])
    const fundido = fundir('catalogo', catalogo, archivo, propio)
    const dicho = diferencias('catalogo', valorDe(catalogo), valorDe(fundido.texto)).map((one) => one.despues)
    expect(dicho).toEqual(expect.arrayContaining([7, 'alta', 4]))
    expect(fundido.reemplazados.map((one) => one.ruta.at(-1))).toEqual(['plazo_dias'])
  })
})
