import type { Settings } from '../../settings.ts'
import type { CategoriaDeCatalogo } from '../../workflow/catalogo/catalogo.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import { afterOfficeHours, type Calendar, moments } from './calendar.ts'
import { type Asunto, decir, type Pueblo } from './pueblo.ts'
import type { Random } from './random.ts'

/** A citizen who writes: an address that no platform has, so that nothing ever reaches a real person. */
export interface Vecino {
  channel: 'web-chat' | 'telegram'
  account: 'default' | 'demo'
  address: string
}

/** By which way a petition comes. */
export type Via =
  | { tipo: 'chat'; vecino: Vecino }
  | { tipo: 'captura'; medio: string; modulo?: string; programa?: string }

/** A petition that is going to be made. */
export interface Plan {
  at: Date
  via: Via
  categoria: CategoriaDeCatalogo
  asunto: Asunto
  texto: string
  colonia: string
  punto: { latitud: number; longitud: number } | undefined
  calle: string
  numero: string
  referencia: string | undefined
  /** How many photographs. */
  fotos: number
  anonima: boolean
  nombre: string | undefined
  telefono: string | undefined
}

/** What staff write down, by how often. */
const CAPTURAS: (Omit<Extract<Via, { tipo: 'captura' }>, 'tipo'> & { peso: number })[] = [
  { medio: 'presencial', modulo: 'retama', peso: 8 },
  { medio: 'presencial', modulo: 'presidencia', peso: 7 },
  { medio: 'presencial', modulo: 'captacion', programa: 'audiencia_publica', peso: 3 },
  { medio: 'call_center', peso: 12 },
  { medio: 'redes_sociales', peso: 7 },
  { medio: 'escrito', peso: 4 },
  { medio: 'ventanilla_unica', peso: 3 },
  { medio: 'buzon_electronico', peso: 2 },
  { medio: 'programa_social', programa: 'gira_colonias', peso: 3 },
]

const CHAT = 0.42
const TELEGRAM = 0.42
const CON_PUNTO = 0.35
/** Of those who wrote before. */
const DE_NUEVO = 0.18

/** Everything that is asked in `days` before `now`, oldest first. */
export function planear(
  { count, days, now }: { count: number; days: number; now: Date },
  { catalogo, municipio }: Pick<Settings, 'catalogo' | 'municipio'>,
  pueblo: Pueblo,
  calendar: Calendar,
  random: Random,
): Plan[] {
  const vecinos: Vecino[] = []
  const planes = moments(count, days, now, calendar, random).map((at): Plan => {
    const { categoria, asunto } = escoger(catalogo.categorias, pueblo, random)
    const via = random.chance(CHAT) ? chat(vecinos, random) : captura(random)
    const colonia = random.pick(catalogo.colonias).nombre.replace(/ \(.*/, '')
    return {
      at: via.tipo === 'captura' ? afterOfficeHours(at, random.next() * 2, calendar) : at,
      via,
      categoria,
      asunto,
      texto: decir(random.pick(via.tipo === 'chat' ? asunto.dichos : asunto.escritos), colonia, pueblo, random),
      colonia,
      calle: random.pick(pueblo.calles),
      numero: String(100 + random.below(900)),
      referencia: random.chance(0.5) ? random.pick(pueblo.referencias) : undefined,
      ...deQuien(via, { categoria, asunto, colonia }, municipio, pueblo, random),
    }
  })
  return planes.filter(({ at }) => at < now).sort((one, other) => one.at.getTime() - other.at.getTime())
}

function escoger(categorias: readonly CategoriaDeCatalogo[], pueblo: Pueblo, random: Random) {
  const [codigo, asunto] = random.weighted(
    Object.entries(pueblo.categorias).map(([codigo, one]) => Object.assign([codigo, one] as const, { peso: one.peso })),
  )
  const categoria = categorias.find((one) => one.codigo === codigo)
  if (!categoria) throw new Error(`pueblo.yaml has petitions of ${codigo}, which catalogo.yaml lacks`)
  return { categoria, asunto }
}

function chat(vecinos: Vecino[], random: Random): Via {
  if (vecinos.length > 0 && random.chance(DE_NUEVO)) return { tipo: 'chat', vecino: random.pick(vecinos) }
  const number = vecinos.length + 1
  const vecino: Vecino = random.chance(TELEGRAM)
    ? { channel: 'telegram', account: 'demo', address: `ejemplo-telegram-${number}` }
    : { channel: 'web-chat', account: 'default', address: `ejemplo-chat-${number}` }
  vecinos.push(vecino)
  return { tipo: 'chat', vecino }
}

function captura(random: Random): Via {
  const { peso: _peso, ...via } = random.weighted(CAPTURAS)
  return { tipo: 'captura', ...via }
}

function deQuien(
  via: Via,
  { categoria, asunto, colonia }: Pick<Plan, 'categoria' | 'asunto' | 'colonia'>,
  { mapa }: Municipio,
  { personas }: Pueblo,
  random: Random,
): Pick<Plan, 'punto' | 'fotos' | 'anonima' | 'nombre' | 'telefono'> {
  const cerca = (middle: number) => middle + (random.next() + random.next() - 1) * 0.03
  const anonima = categoria.anonima && random.chance(asunto.anonimo)
  const captura = via.tipo === 'captura'
  const foto = asunto.escena !== undefined && categoria.foto !== 'no' && random.chance(captura ? 0.2 : 0.6)
  const dice = (dato: 'nombre' | 'telefono', share: number) =>
    !anonima && categoria.datos[dato] !== 'no' && (categoria.datos[dato] === 'requerido' || random.chance(share))
  return {
    punto:
      categoria.ubicacion !== 'no' && random.chance(CON_PUNTO)
        ? { latitud: cerca(mapa.centro.latitud), longitud: cerca(mapa.centro.longitud) }
        : undefined,
    fotos: foto ? 1 + random.below(2) : 0,
    anonima,
    nombre: dice('nombre', captura ? 0.8 : 0.3) ? random.pick(personas).replace('{colonia}', colonia) : undefined,
    telefono: dice('telefono', captura ? 0.7 : 0.35) ? telefono(random) : undefined,
  }
}

/** 833 555 01xx: as 555-01xx elsewhere, nobody's. */
const telefono = (random: Random) => `83355501${String(random.below(100)).padStart(2, '0')}`
