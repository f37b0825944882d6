import type { EntityManager } from '@mikro-orm/postgresql'
import { metrosEntre } from '../../conversation/flows/cercania/distancia.ts'
import type { Cercana, LugarDelReporte, Punto } from '../../conversation/flows/cercania/services.ts'
import type { CategoriaVista, Estado } from '../../conversation/flows/vocabulary.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import { normalise } from '../../conversation/words.ts'
import { sql } from '../../runtime/sql.ts'
import { ABIERTA } from './filtro.ts'

/** How many are offered to choose from. */
const OFRECIDAS = 3
/** Of one category in one colonia, more open ones than these are a spike that staff gather. */
const CANDIDATAS = 500

/** What the search needs of the outside. */
export interface CercaniaDeps {
  mensajes: Mensajes
  categorias: readonly CategoriaVista[]
}

interface Fila {
  folio: string
  asunto: string
  estado: Estado
  registradaEl: Date
  latitud: number | null
  longitud: number | null
  calle: string | null
  mismaColonia: boolean
  sumados: number
  propia: boolean
}

/**
 * Open petitions of the category that may be about the same: within its distance when both are pinned, else of the same colonia and
 * street. Never anonymous or reserved ones; one that is attended with another gives way to it.
 */
export async function cercanas(
  em: EntityManager,
  addressId: number,
  categoria: string,
  lugar: LugarDelReporte,
  { mensajes, categorias }: CercaniaDeps,
): Promise<Cercana[]> {
  const metros = categorias.find(({ id }) => id === categoria)?.cercaniaM ?? 0
  if (metros === 0) return []
  const { ubicacion, colonia } = lugar
  const alto = metros / 111_000
  const ancho = alto / Math.max(0.1, Math.cos(((ubicacion?.latitud ?? 0) * Math.PI) / 180))
  const params = [addressId, categoria, colonia ?? null, ubicacion?.latitud ?? null, ubicacion?.longitud ?? null]
  const filas = await sql<Fila>(em, CANDIDATAS_SQL, [...params, alto, ancho, CANDIDATAS])
  return filas
    .flatMap((fila) => medir(fila, lugar, metros))
    .sort((a, b) => Number(b.fila.propia) - Number(a.fila.propia) || (a.a ?? metros) - (b.a ?? metros))
    .slice(0, OFRECIDAS)
    .map(({ fila, a }) => ({
      folio: fila.folio,
      asunto: fila.asunto,
      estado: fila.estado,
      estadoTexto: mensajes.text(`estados.${fila.estado}`),
      registradaEl: fila.registradaEl,
      metros: a,
      vecinos: fila.sumados + 1,
      propia: fila.propia,
    }))
}

interface Medida {
  fila: Fila
  a: number | undefined
}

/** The row with how far it is, undefined when only its street tells; none when it is another's trouble. */
function medir(fila: Fila, { ubicacion, calle }: LugarDelReporte, metros: number): Medida[] {
  const suyo = puntoDe(fila)
  if (ubicacion && suyo) {
    const a = metrosEntre(ubicacion, suyo)
    return a <= metros ? [{ fila, a }] : []
  }
  const misma = fila.mismaColonia && nombreDeCalle(calle) !== '' && nombreDeCalle(calle) === nombreDeCalle(fila.calle)
  return misma ? [{ fila, a: undefined }] : []
}

const puntoDe = ({ latitud, longitud }: Fila): Punto | undefined =>
  latitud === null || longitud === null ? undefined : { latitud, longitud }

const TIPO_DE_VIA =
  /^(?:(?:la|el|en|sobre|por) )*(?:cale|c|avenida|av|ave|boulevard|bulevar|blvd|privada|priv|andador|caretera|caret) /

/** A street's name as people mean it: `Calle Hidalgo 305`, `c. hidalgo` and `HIDALGO` are one. */
export const nombreDeCalle = (calle: string | null | undefined): string =>
  `${normalise(calle ?? '')} `
    .replace(TIPO_DE_VIA, '')
    .replace(/ (?:numero |num |no )?\d.*$/, '')
    .trim()

const CANDIDATAS_SQL = `
select p.folio, p.asunto, p.estado, p.registrada_at as "registradaEl", p.latitud, p.longitud, p.calle,
       coalesce(p.colonia_clave = sin_acentos($3), false) as "mismaColonia",
       (select count(*) from adhesion s where s.peticion_id = p.id) as sumados,
       coalesce(p.address_id = $1, false) as propia
  from peticion p
 where p.categoria = $2 and ${ABIERTA} and not p.anonima and not p.reservada
   and (p.principal_id is null or p.address_id = $1)
   and (p.colonia_clave = sin_acentos($3)
        or (p.latitud between $4::float8 - $6 and $4::float8 + $6 and p.longitud between $5::float8 - $7 and $5::float8 + $7))
 order by p.id desc limit $8`
