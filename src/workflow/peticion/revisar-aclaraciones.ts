import type { EntityManager } from '@mikro-orm/postgresql'
import type { Database } from '../../runtime/database.ts'
import { sql } from '../../runtime/sql.ts'
import { esDeNoche } from '../atencion/horas-de-silencio.ts'
import { diasInhabilesDe } from '../catalogo/dias-inhabiles.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import type { Movido } from './paso.ts'
import { diaDe, diasHabilesEntre } from './plazo.ts'
import { Rechazo } from './rechazos.ts'
import { reanudar, recordar } from './verbos/aclarar.ts'

const SISTEMA = { tipo: 'sistema' } as const

interface Fila {
  peticionId: number
  hechaAt: Date
  venceEl: string
  recordada: boolean
}

/**
 * Questions to citizens that nobody answered: one reminder in the daytime, and after the last day the petition goes on by itself. Each in
 * a transaction of its own; run again, or twice at once, it finds nothing left to do.
 */
export async function revisarAclaraciones(database: Database, municipio: Municipio, ahora: Date): Promise<void> {
  const em = database.fork()
  const { zona_horaria: zona, conversacion } = municipio
  const inhabiles = await diasInhabilesDe(em, municipio, ahora)
  const hoy = diaDe(ahora, zona)
  const silencio = esDeNoche(ahora, municipio)
  for (const { peticionId, hechaAt, venceEl, recordada } of await sql<Fila>(em, ABIERTAS)) {
    const dias = diasHabilesEntre(diaDe(hechaAt, zona), hoy, inhabiles)
    const toca = !recordada && !silencio && dias >= conversacion.pregunta_recordar_dias
    const verbo = venceEl < hoy ? reanudar : toca ? recordar : undefined
    if (verbo) await siSigueAbierta(database, (tx) => verbo(tx, peticionId, SISTEMA, {}, { ahora, municipio }))
  }
}

/** It may have been answered since it was read. */
async function siSigueAbierta(database: Database, hacer: (em: EntityManager) => Promise<Movido>): Promise<void> {
  try {
    await database.fork().transactional(hacer)
  } catch (error) {
    if (!(error instanceof Rechazo)) throw error
  }
}

const ABIERTAS = `
select peticion_id as "peticionId", hecha_at as "hechaAt", to_char(vence_el, 'YYYY-MM-DD') as "venceEl",
       recordada_at is not null as recordada
  from aclaracion where cerrada_at is null order by id`
