import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import { type Filtro, type Marco, SITUACIONES } from '../../workflow/peticion/filtro.ts'
import { diaDe } from '../../workflow/peticion/plazo.ts'
import type { Panel } from '../deps.ts'
import { dia } from '../form.ts'
import { CAJONES, type Cajon, estadosDe } from './cajones.ts'

const diaPedido = dia().optional().catch(undefined)
const codigo = z
  .string()
  .trim()
  .max(100)
  .optional()
  .catch(undefined)
  .transform((value) => value || undefined)

/** As an address says "none of them". */
export const NINGUNA = '-'
const enlace = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)

const schema = z.object({
  estado: z.enum(CAJONES).optional().catch(undefined),
  q: codigo,
  situacion: z.enum(SITUACIONES).optional().catch(undefined),
  categoria: codigo,
  dependencia: codigo,
  medio: codigo,
  colonia: codigo,
  enlace: z
    .union([z.literal(NINGUNA), enlace])
    .optional()
    .catch(undefined),
  del: diaPedido,
  al: diaPedido,
})

/** A filter as the address of a page says it; what makes no sense is not there. */
export type Consulta = z.output<typeof schema>

/** Reads the address of the tray, the map, an export or a dashboard. */
export const leerConsulta = (query: unknown): Consulta => schema.parse(query ?? {})

/** A consulta as it was kept, as text. */
export const consultaDeTexto = (texto: string): Consulta => leerConsulta(Object.fromEntries(new URLSearchParams(texto)))

/** The consulta as an address says it, with some of it changed; always in the same order. */
export function textoDeConsulta(consulta: Consulta, cambios: Partial<Consulta> = {}): string {
  const todo: Consulta = { ...consulta, ...cambios }
  const text = new URLSearchParams()
  for (const key of schema.keyof().options) {
    const value = todo[key]
    if (value !== undefined) text.set(key, String(value))
  }
  return text.toString()
}

/** Does it ask for more than a drawer? */
export const filtra = ({ estado: _estado, ...resto }: Consulta): boolean =>
  Object.values(resto).some((value) => value !== undefined)

/** What the tray, the exports and the dashboards look for. */
export function filtroDe({ estado, enlace, del, al, ...resto }: Consulta): Filtro {
  return {
    ...resto,
    dependencia: oNinguna(resto.dependencia),
    colonia: oNinguna(resto.colonia),
    enlaceId: oNinguna(enlace),
    estados: estado && estadosDe(estado),
    desde: del,
    hasta: al,
  }
}

const oNinguna = <T>(value: T | typeof NINGUNA): T | null => (value === NINGUNA ? null : value)

/** The day and the terms of the municipality now. */
export const marcoDe = ({ municipio, now }: Pick<Panel, 'municipio' | 'now'>): Marco => ({
  prefijo: municipio.folio.prefijo,
  zona: municipio.zona_horaria,
  hoy: diaDe(now(), municipio.zona_horaria),
  porVencerDias: municipio.plazos.por_vencer_dias,
})

/** A choice of a list. */
export interface Opcion {
  valor: string
  nombre: string
}

/** What each list of the filter offers; colonias are suggestions. */
export interface Opciones {
  categoria: Opcion[]
  dependencia: Opcion[]
  medio: Opcion[]
  enlace: Opcion[]
  colonia: string[]
}

/** What this user may choose: an enlace has one dependencia, and no colleague of another. */
export async function opcionesDe(em: EntityManager, actor: UsuarioActor, municipio: Municipio): Promise<Opciones> {
  const propias = actor.roles.every((rol) => rol === 'enlace' || rol === 'titular') ? [...actor.dependencias] : null
  const [categoria, dependencia, enlace, colonias] = await Promise.all([
    sql<Opcion>(em, CATEGORIAS, [propias]),
    sql<Opcion>(em, DEPENDENCIAS, [propias]),
    sql<Opcion>(em, ENLACES, [propias]),
    sql<{ nombre: string }>(em, 'select distinct nombre from colonia where retirada_at is null order by 1'),
  ])
  const medio = municipio.medios.map(({ codigo: valor, nombre }) => ({ valor, nombre }))
  return { categoria, dependencia, medio, enlace, colonia: colonias.map(({ nombre }) => nombre) }
}

const CATEGORIAS = `select id as valor, nombre from categoria
  where retirada_at is null and ($1::text[] is null or dependencia_id = any($1)) order by nombre`
const DEPENDENCIAS = `select id as valor, nombre from dependencia
  where retirada_at is null and recibe_peticiones and ($1::text[] is null or id = any($1)) order by nombre`
const ENLACES = `select id::text as valor, nombre from usuario
  where 'enlace' = any(roles) and ($1::text[] is null or dependencia_id = any($1)) order by nombre`

/** A part of a filter in words, and the address without it. */
export interface Etiqueta {
  clave: string
  texto: string
  sin: string
}

/** What a consulta asks for, part by part, for people. */
export function etiquetasDe(
  consulta: Consulta,
  opciones: Opciones,
  { fecha, situacion, ninguna }: { fecha(day: string): string; situacion(one: string): string; ninguna: string },
): Etiqueta[] {
  const nombre = (list: Opcion[], valor: unknown) => list.find((one) => one.valor === String(valor))?.nombre
  const words: { [key in keyof Consulta]?: (value: string) => string } = {
    q: (value) => `«${value}»`,
    situacion,
    categoria: (value) => nombre(opciones.categoria, value) ?? value,
    dependencia: (value) => nombre(opciones.dependencia, value) ?? value,
    medio: (value) => nombre(opciones.medio, value) ?? value,
    colonia: (value) => value,
    enlace: (value) => nombre(opciones.enlace, value) ?? value,
    del: fecha,
    al: fecha,
  }
  return schema.keyof().options.flatMap((clave): Etiqueta[] => {
    const [value, say] = [consulta[clave], words[clave]]
    if (value === undefined || !say) return []
    const texto = value === NINGUNA ? ninguna : say(String(value))
    return [{ clave, texto, sin: textoDeConsulta(consulta, { [clave]: undefined }) }]
  })
}

/** The drawer of a consulta; none when it looks across all of them. */
export const cajonDe = (consulta: Consulta, primero: Cajon): Cajon | undefined =>
  consulta.estado ?? (filtra(consulta) ? undefined : primero)
