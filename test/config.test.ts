import { describe, expect, it } from 'vitest'
import { canalesSchema } from '../src/channels/canales.ts'
import { normalise, samePhrase, wordsOf } from '../src/conversation/words.ts'
import { readYaml } from '../src/runtime/yaml-config.ts'
import { shippedComprension } from './conversation/understanding/shipped.ts'
import { readCatalogo, readMunicipio } from './shipped-config.ts'

const catalogo = await readCatalogo()
const comprension = await shippedComprension()
const categoria = (codigo: string) => catalogo.categorias.find((one) => one.codigo === codigo)

const says = (words: string[], phrase: string): boolean => {
  const meant = wordsOf(phrase)
  return meant.length > 0 && words.some((_, at) => samePhrase(words.slice(at, at + meant.length), meant))
}

/** The categories that say something of the text, those with the longest phrase first: what a citizen would be offered. */
function suggested(text: string): string[] {
  const words = wordsOf(text)
  const score = (palabras: string[]) =>
    Math.max(0, ...palabras.filter((phrase) => says(words, phrase)).map((phrase) => normalise(phrase).length))
  return catalogo.categorias
    .map(({ codigo, palabras }) => ({ codigo, score: score(palabras) }))
    .filter((one) => one.score > 0)
    .sort((one, other) => other.score - one.score)
    .map((one) => one.codigo)
}

describe('the shipped municipio.yaml and canales.yaml', () => {
  it('are valid without any variable set', async () => {
    await expect(readMunicipio()).resolves.toMatchObject({
      folio: { prefijo: 'UAC' },
      zona_horaria: 'America/Mexico_City',
    })
    await expect(readYaml('config/canales.yaml', canalesSchema, { env: {} })).resolves.toMatchObject({ telegram: [] })
  })

  it('name every medio of the manual, and one for each chat channel that staff cannot choose', async () => {
    const { medios } = await readMunicipio()
    const chosen = medios.filter((medio) => medio.captura).map((medio) => medio.codigo)
    expect(chosen).toEqual([
      'presencial',
      'escrito',
      'call_center',
      'app',
      'pagina_web',
      'buzon_electronico',
      'ventanilla_unica',
      'redes_sociales',
      'programa_social',
    ])
    expect(medios.filter((medio) => !medio.captura).map((medio) => medio.codigo)).toContain('web-chat')
  })
})

describe('the shipped catalogue', () => {
  it('has the dependencias, categories and colonias it began with', () => {
    expect(catalogo.dependencias).toHaveLength(32)
    expect(catalogo.colonias).toHaveLength(38)
    expect(
      catalogo.categorias.filter((one) => !one.codigo.startsWith('FUERA_') || one.codigo === 'FUERA_COMP'),
    ).toHaveLength(52)
  })

  it('fits a menu of seven groups with a quick menu of six', () => {
    expect(catalogo.grupos.length).toBeLessThanOrEqual(7)
    expect(catalogo.categorias.filter((one) => one.frecuente)).toHaveLength(6)
  })

  it('works out a street lamp, a water leak and a request for social help', () => {
    expect(categoria('ALUMBRADO')?.preguntas.map((one) => one.id)).toEqual([
      'falla',
      'cuantas',
      'numero_poste',
      'desde_cuando',
    ])
    expect(categoria('AGUA_FUGA')?.preguntas.map((one) => one.id)).toEqual([
      'lugar_fuga',
      'cantidad',
      'desde_cuando',
      'sin_servicio',
    ])
    expect(categoria('APOYO_SOCIAL')?.requisitos.map(({ id, obligatorio }) => [id, obligatorio])).toEqual([
      ['comprobante_domicilio', true],
      ['carta_solicitud', false],
    ])
  })

  it('asks each thing once, and offers actions to conclude every category', () => {
    for (const { codigo, preguntas, acciones } of catalogo.categorias) {
      expect(preguntas.length, codigo).toBeLessThanOrEqual(4)
      expect(acciones.length, codigo).toBeGreaterThan(catalogo.acciones_comunes.length)
    }
  })

  it('asks for no identification, no CURP and nothing sensitive by chat', () => {
    for (const { codigo, preguntas, requisitos } of catalogo.categorias) {
      const asked = [
        ...preguntas.map((one) => one.texto),
        ...requisitos.map((one) => `${one.nombre} ${one.ayuda ?? ''}`),
      ]
      expect(
        asked.filter((text) => /\b(curp|ine|identificaci|credencial|pasaporte|enfermedad|diagn)/i.test(text)),
        codigo,
      ).toEqual([])
    }
    for (const codigo of ['APOYO_SOCIAL', 'DIF_VULNERABLE', 'MUJER']) {
      expect(categoria(codigo)).toMatchObject({ reservada: true, descripcion: 'no', foto: 'no' })
    }
  })

  it("tells whom to ask for all that is not the municipality's", () => {
    for (const one of catalogo.dependencias.filter(({ tipo }) => tipo === 'externo'))
      expect(one.orientacion, one.codigo).toBeTruthy()
    for (const one of catalogo.categorias.filter(({ codigo }) => codigo.startsWith('FUERA_'))) {
      expect(one, one.codigo).toMatchObject({ interna: true, orientacion: expect.any(String) })
    }
    expect(categoria('FUERA_CFE')?.orientacion).toContain('071')
  })

  it('gives no telephone but the national ones', () => {
    const texts = catalogo.categorias
      .flatMap((one) => [one.aviso, one.orientacion])
      .concat(catalogo.dependencias.map((one) => one.orientacion))
    const numbers = texts.flatMap((text) => text?.match(/\b\d{3,}\b/g) ?? [])
    expect(numbers.filter((number) => !['911', '089', '071'].includes(number))).toEqual([])
  })

  it('gives no phrase to two categories', () => {
    const owners = catalogo.categorias.flatMap(({ codigo, palabras }) =>
      palabras.map((phrase) => [normalise(phrase), codigo] as const),
    )
    const shared = owners.filter(([phrase, codigo]) =>
      owners.some(([other, owner]) => other === phrase && owner !== codigo),
    )
    expect(shared).toEqual([])
  })
})

describe('the words citizens use', () => {
  it.each([
    ['hay un bache enfrente de mi casa', 'BACHEO'],
    ['un vache vien grandote en la esquina', 'BACHEO'],
    ['ay un oyo en la calle', 'BACHEO'],
    ['no ay lus en mi calle', 'ALUMBRADO'],
    ['no sirbe la lanpara del poste', 'ALUMBRADO'],
    ['la calle esta muy oscura de noche, foco fundido', 'ALUMBRADO'],
    ['ay un tuvo roto y se esta tirando el agua', 'AGUA_FUGA'],
    ['fuga en la banqueta', 'AGUA_FUGA'],
    ['llevamos 3 dias sin agua en miramar', 'AGUA_FALTA'],
    ['no cae agua', 'AGUA_FALTA'],
    ['ocupo una pipa', 'AGUA_PIPA'],
    ['el agua sale amarilla, agua turvia', 'AGUA_CALIDAD'],
    ['me llego muy caro el recivo de agua', 'AGUA_RECIBO'],
    ['se salio el drenage y apesta', 'DRENAJE_TAPADO'],
    ['hay aguas negras en mi calle', 'DRENAJE_TAPADO'],
    ['se robaron la tapa de la alcantarilla', 'ALCANT_TAPA'],
    ['se undio la calle', 'SOCAVON'],
    ['comapa dejo el hoyo y no taparon', 'AGUA_REPOSICION'],
    ['quiero que pavimenten mi calle', 'PAVIMENTACION'],
    ['la vanqueta esta quebrada', 'BANQUETA'],
    ['se inunda la calle cuando llueve', 'PLUVIAL'],
    ['no a pasado la basura', 'BASURA'],
    ['la vasura tiene una semana', 'BASURA'],
    ['tiran basura en el arroyo y hay un tiradero de basura', 'BASURERO'],
    ['mucho sacate en el camellon', 'MALEZA'],
    ['lote valdio lleno de animales', 'BALDIO'],
    ['los columpios del parque', 'PARQUE'],
    ['el cemaforo no sirve', 'SEMAFORO'],
    ['quiero poner un tope', 'SENAL'],
    ['un carro avandonado', 'VEH_ABANDONADO'],
    ['se va a caer un arbol', 'RIESGO'],
    ['un panal de avejas', 'ENJAMBRE'],
    ['que manden una patruya', 'VIGILANCIA'],
    ['hay muchos perros callejeros', 'PERRO_CALLE'],
    ['hay un perro muerto', 'ANIMAL_MUERTO'],
    ['mi vecino tiene al perro amarrado', 'MALTRATO_ANIMAL'],
    ['traen la musica alta toda la noche', 'RUIDO'],
    ['estan quemando basura', 'CONTAMINACION'],
    ['permiso para podar un arbol', 'ARBOL'],
    ['andan vacas sueltas', 'GANADO'],
    ['necesito una despenza', 'APOYO_SOCIAL'],
    ['quiero un apollo', 'APOYO_SOCIAL'],
    ['una silla de ruedas para mi mama', 'DIF_VULNERABLE'],
    ['mi esposo me pega', 'MUJER'],
    ['muchos sancudos, que fumiguen', 'FUMIGACION'],
    ['la primaria no tiene techumbre', 'ESCUELA'],
    ['balones para la liga de futbol', 'DEPORTE_CULTURA'],
    ['el camino saca cosecha del egido', 'RURAL_APOYO'],
    ['venden cerveza en una casa', 'COMERCIO_IRREG'],
    ['cuanto debo del predial', 'PREDIAL'],
    ['acta de nasimiento', 'REGISTRO_CIVIL'],
    ['quiero escriturar mi terreno', 'ESCRITURAS'],
    ['invadieron un terreno', 'TERRENO_INVASION'],
    ['un transito me pidio dinero', 'QUEJA_SERVIDOR'],
    ['tengo una sujerencia', 'SUGERENCIA'],
    ['quiero borrar mis datos', 'ARCO'],
    ['se fue la lus en mi casa', 'FUERA_CFE'],
    ['no ay lus en mi casa', 'FUERA_CFE'],
    ['hay un hoyo en la carretera federal', 'FUERA_FED'],
    ['me robaron la bici', 'FUERA_ESTADO'],
  ])('"%s" leads to %s', (text, codigo) => {
    expect(suggested(text).slice(0, 2)).toContain(codigo)
  })
})

describe('emergencies', () => {
  const emergency = (text: string) => comprension.peligro(text) !== undefined

  it.each([
    'Huele a gas en mi casa',
    'fuga de gas!!!',
    'hay un insendio en el basurero',
    'Se está quemando el monte junto a la casa',
    'hay balasos en la colonia',
    'me están robando',
    'un atropellado en la carretera',
    'mi mamá no respira',
    'ya no aguanto, me quiero morir',
    'se cayó un cable de luz',
    'hay cables tirados',
    'el poste esta echando chispas',
    'se me metió el agua',
    'se perdió, niño perdido en el parque',
    'mi esposo me pega',
    'lo mordio una vibora',
  ])('"%s" is one', (text) => {
    expect(emergency(text)).toBe(true)
  })

  it.each([
    'hay una fuga en mi calle',
    'hay un bache',
    'no pasó la basura',
    'no hay luz en la calle',
    'tubo roto',
    'una despensa',
  ])('"%s" is none', (text) => {
    expect(emergency(text)).toBe(false)
  })
})
