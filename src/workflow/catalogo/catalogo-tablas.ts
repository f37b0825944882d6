import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'

/** Of each table: what tells its rows apart, and the columns that come from the file, with their types. */
const TABLAS = {
  dependencia: {
    key: ['id'],
    columns: {
      id: 'text',
      nombre: 'text',
      tipo: 'text',
      depende_de: 'text',
      recibe_peticiones: 'boolean',
      orientacion: 'text',
    },
  },
  categoria: {
    key: ['id'],
    columns: {
      id: 'text',
      nombre: 'text',
      grupo: 'text',
      orden: 'integer',
      dependencia_id: 'text',
      apoyo: 'text[]',
      plazo_dias: 'integer',
      prioridad: 'text',
      ubicacion: 'text',
      foto: 'text',
      descripcion: 'text',
      anonima: 'boolean',
      reservada: 'boolean',
      interna: 'boolean',
      frecuente: 'boolean',
      aviso: 'text',
      orientacion: 'text',
      palabras: 'text[]',
      preguntas: 'jsonb',
      datos: 'jsonb',
      requisitos: 'jsonb',
      acciones: 'text[]',
    },
  },
  colonia: {
    key: ['nombre', 'cp'],
    columns: {
      nombre: 'text',
      tipo: 'text',
      cp: 'text',
      zona: 'text',
      latitud: 'double precision',
      longitud: 'double precision',
    },
  },
} as const

/** A table that the catalogue fills. */
export type TablaDelCatalogo = keyof typeof TABLAS

type Row<Table extends TablaDelCatalogo> = Partial<Record<keyof (typeof TABLAS)[Table]['columns'], unknown>>

/** Inserts or updates the rows; those retired come back, and those that already say the same are not touched. */
export async function upsert<Table extends TablaDelCatalogo>(
  tx: EntityManager,
  table: Table,
  rows: readonly Row<Table>[],
): Promise<void> {
  const { key, columns } = TABLAS[table]
  const names = Object.keys(columns)
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  // Never the key, though it says the same: that would lock the row against every petition that is saved and points at it.
  const keys: readonly string[] = key
  const others = names.filter((name) => !keys.includes(name))
  const told = others.map((name) => `excluded.${name}`)
  const held = others.map((name) => `${table}.${name}`)
  await sql(
    tx,
    `insert into ${table} (${names}) select ${names} from jsonb_to_recordset($1) as x(${typed})
     on conflict (${key}) do update set (${others}, retirada_at) = row(${told}, null)
      where (${held}, ${table}.retirada_at) is distinct from (${told}, null)`,
    [JSON.stringify(rows)],
  )
}
