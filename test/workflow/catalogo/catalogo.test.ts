import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { StartupProblem } from '../../../src/runtime/problem.ts'
import { parseYaml } from '../../../src/runtime/yaml-config.ts'
import { catalogoSchema } from '../../../src/workflow/catalogo/catalogo.ts'
import { municipioSchema, nombreDeMedio } from '../../../src/workflow/catalogo/municipio.ts'

const catalogo = await readFile('config/catalogo.yaml', 'utf8')
const municipio = await readFile('config/municipio.yaml', 'utf8')
const shipped = parseYaml(catalogo, 'catalogo.yaml', catalogoSchema)

function problems(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof StartupProblem) return error.message.split('\n').map((line) => line.replace(/^\S+ /, ''))
    throw error
  }
  return []
}

/** The shipped file with one change, which must be possible. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from)
  return text.replace(from, to)
}

const FUGA = '    nombre: Fuga de agua potable\n    grupo: AGUA\n    dependencia: COMAPA\n    plazo_dias: 3'

describe('the catalogue refuses', () => {
  it.each([
    [
      'a dependencia that is none',
      FUGA,
      FUGA.replace('COMAPA', 'COMAPPA'),
      'categorias.0.dependencia: expected a dependencia that receives petitions, and COMAPPA is none.',
    ],
    [
      'a dependencia that receives nothing',
      FUGA,
      FUGA.replace('COMAPA', 'EXT_CFE'),
      'categorias.0.dependencia: expected a dependencia that receives petitions, and EXT_CFE is none.',
    ],
    [
      'a group that is none',
      FUGA,
      FUGA.replace('AGUA\n', 'AGUAS\n'),
      'categorias.0.grupo: expected the code of a grupo, and AGUAS is none.',
    ],
    [
      'a term in words',
      FUGA,
      FUGA.replace('3', 'tres'),
      'categorias.0.plazo_dias: expected a whole number, found text.',
    ],
    ['a term of no days', FUGA, FUGA.replace('3', '0'), 'categorias.0.plazo_dias: expected a number of at least 1.'],
    [
      'a support that is none',
      'apoyo: [PC]',
      'apoyo: [PCC]',
      'categorias.3.apoyo: expected codes of dependencias, and PCC is none.',
    ],
    [
      'a code used twice',
      'codigo: AGUA_FALTA',
      'codigo: AGUA_FUGA',
      'categorias.1.codigo: expected a codigo that no entry above has.',
    ],
    [
      'a seventh frequent category',
      'foto: recomendada\n    aviso',
      'foto: recomendada\n    frecuente: si\n    aviso',
      'categorias: expected at most 6 with frecuente: si.',
    ],
    [
      'a misspelt key',
      '    prioridad: alta',
      '    priorida: alta',
      'categorias.0.priorida: unknown key (did you mean "prioridad"?).',
    ],
    ['a yes that is none', 'frecuente: si', 'frecuente: quizas', 'categorias.0.frecuente: expected si or no.'],
    [
      'choices without a list',
      '        opciones: [Gotea, Sale un chorro, Corre por la calle, Está levantando el pavimento]\n',
      '',
      'categorias.0.preguntas.1.opciones: missing; a question of tipo opcion needs a list.',
    ],
    [
      'a choice list on a number',
      'tipo: numero\n',
      'tipo: numero\n        opciones: [a, b]\n',
      'categorias.1.preguntas.2.opciones: only a question of tipo opcion has them.',
    ],
    [
      'eight choices',
      '[Gotea, ',
      '[a, b, c, d, Gotea, ',
      'categorias.0.preguntas.1.opciones: expected a list of at most 7 entries.',
    ],
    [
      'an external one that receives petitions',
      'tipo: externo\n    recibe_peticiones: no',
      'tipo: externo\n    recibe_peticiones: si',
      'dependencias.28.recibe_peticiones: expected no for an external one.',
    ],
    [
      'an external one without words',
      / {4}orientacion: La luz.*\n/.exec(catalogo)?.[0] ?? '',
      '',
      'dependencias.28.orientacion: missing; an external one needs the words that tell the citizen whom to ask.',
    ],
    [
      'a circle of dependencias',
      '    nombre: Enlace de Buen Gobierno y Seguridad Pública\n',
      '    nombre: Enlace\n    depende_de: TV\n',
      'dependencias.4.depende_de: expected a dependencia that does not depend on this one.',
    ],
    [
      'an orientation to the municipality itself',
      'orienta_a: EXT_CFE',
      'orienta_a: COMAPA',
      'categorias.52.orienta_a: expected a dependencia of tipo externo, and COMAPA is none.',
    ],
    [
      'a category the program relies on, gone',
      'codigo: OTRO',
      'codigo: OTRA',
      'categorias: expected an entry OTRO, which the program relies on.',
    ],
    [
      'a five-digit code with four',
      'tipo: Colonia, cp: "89600", zona: Urbano }\n  - { nombre: "Mir',
      'cp: 8960 }\n  - { nombre: "Mir',
      'colonias.0.cp: expected five digits.',
    ],
  ])('%s', (_what, from, to, expected) => {
    expect(problems(() => parseYaml(changed(catalogo, from, to), 'catalogo.yaml', catalogoSchema))).toContain(expected)
  })

  it('a name asked of who reports without one', () => {
    const [before = '', after = ''] = catalogo.split('  - codigo: CONSTRUCCION')
    const text = `${before}  - codigo: CONSTRUCCION${changed(after, 'nombre: opcional', 'nombre: requerido')}`
    expect(problems(() => parseYaml(text, 'catalogo.yaml', catalogoSchema))).toContain(
      'categorias.13.datos.nombre: expected opcional or no, because the category is anonima.',
    )
  })
})

describe('the catalogue gives', () => {
  it('each category its own actions first, then those common to all', () => {
    const fuga = shipped.categorias.find((one) => one.codigo === 'AGUA_FUGA')
    expect(fuga?.acciones[0]).toBe('Se reparó la fuga')
    expect(fuga?.acciones.slice(-shipped.acciones_comunes.length)).toEqual(shipped.acciones_comunes)
  })

  it("a category that is not the municipality's the words of who serves it", () => {
    const cfe = shipped.dependencias.find((one) => one.codigo === 'EXT_CFE')
    expect(shipped.categorias.find((one) => one.codigo === 'FUERA_CFE')?.orientacion).toBe(cfe?.orientacion)
  })
})

describe("the municipality's file refuses", () => {
  const schema = municipioSchema(shipped)

  it.each([
    [
      'a rule to a dependencia that is none',
      'reglas: []',
      'reglas: [{colonia: Miramar, dependencia: NADIE}]',
      'reglas.0.dependencia: expected a dependencia of catalogo.yaml that receives petitions, and NADIE is none.',
    ],
    [
      'a rule of a category that is none',
      'reglas: []',
      'reglas: [{categoria: NADA, dependencia: UAC}]',
      'reglas.0.categoria: expected a categoria of catalogo.yaml, and NADA is none.',
    ],
    [
      'a rule that fits everything',
      'reglas: []',
      'reglas: [{dependencia: UAC}]',
      'reglas.0: expected a categoria, a colonia or both.',
    ],
    [
      'a day that does not exist',
      'dias_inhabiles: []',
      'dias_inhabiles: [{fecha: 2027-02-30, nombre: x}]',
      'dias_inhabiles.0.fecha: expected a date such as 2026-12-24.',
    ],
    [
      'a period that ends before it begins',
      'periodos_inhabiles: []',
      'periodos_inhabiles: [{desde: 2027-01-06, hasta: 2026-12-21, nombre: x}]',
      'periodos_inhabiles.0.hasta: expected a date not before "desde".',
    ],
    [
      'a period of centuries',
      'periodos_inhabiles: []',
      'periodos_inhabiles: [{desde: 2026-12-21, hasta: 9999-01-06, nombre: x}]',
      'periodos_inhabiles.0.hasta: expected a date at most a year after "desde".',
    ],
    ['a prefix in small letters', 'prefijo: UAC', 'prefijo: uac', 'folio.prefijo: expected 2 to 6 capital letters.'],
    [
      'a zone that is none',
      'America/Mexico_City',
      'America/Altamira',
      'zona_horaria: expected a time zone such as America/Mexico_City.',
    ],
    [
      'hours that end before they begin',
      'a: "16:00"',
      'a: "07:00"',
      'horario.0.a: expected a time after that of "de".',
    ],
    [
      'a medio used twice',
      'codigo: escrito',
      'codigo: presencial',
      'medios.1.codigo: expected a codigo that no entry above has.',
    ],
    [
      'data erased before they are blocked',
      'bloquear_tras_meses: 24, borrar_tras_meses: 36',
      'bloquear_tras_meses: 24, borrar_tras_meses: 12',
      'retencion.peticiones.borrar_tras_meses: expected more months than bloquear_tras_meses.',
    ],
  ])('%s', (_what, from, to, expected) => {
    expect(problems(() => parseYaml(changed(municipio, from, to), 'municipio.yaml', schema))).toEqual([expected])
  })

  it('nothing that it ships', () => {
    const read = parseYaml(municipio, 'municipio.yaml', schema)
    expect(nombreDeMedio(read, 'call_center')).toBe('Call center')
    expect(nombreDeMedio(read, 'telepatia')).toBe('telepatia')
  })
})
