import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { diasInhabilesDe } from '../catalogo/dias-inhabiles.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { type Alcanzable, alcanza } from '../permisos.ts'
import { personalActivo } from '../personal.ts'
import { ABIERTA } from '../peticion/filtro.ts'
import { momento } from '../peticion/momento.ts'
import { diaDe, haceDiasHabiles, vencimiento } from '../peticion/plazo.ts'
import { avisar } from './avisar.ts'
import type { Evento } from './eventos.ts'

/** What has been overdue for more days than this is told no more: the first look at an old tray would bury everybody. */
const DIAS = 30
/** Petitions told of in one transaction. */
const LOTE = 200

type Quienes = (peticion: Alcanzable, personal: readonly UsuarioActor[]) => readonly UsuarioActor[]

interface Escalon {
  evento: Evento
  /** Due within these ISO dates, both included. */
  desde: string
  hasta: string
  quienes: Quienes
}

/**
 * Tells of open petitions about to be due and overdue: their enlaces, then the titular, then the UAC, after the working days of
 * config/municipio.yaml; each once for each due date. `em` has no transaction; run again it finds none left.
 */
export async function avisarPlazos(em: EntityManager, municipio: Municipio, now: Date): Promise<void> {
  const personal = await personalActivo(em)
  for (const escalon of await escalones(em, municipio, now)) {
    let cursor = 0
    while (cursor !== Number.POSITIVE_INFINITY) {
      const after = cursor
      cursor = await em.transactional((tx) => avisarLote(tx, escalon, personal, after, now))
    }
  }
}

async function escalones(em: EntityManager, municipio: Municipio, now: Date): Promise<Escalon[]> {
  const { plazos, zona_horaria: zona } = municipio
  const inhabiles = await diasInhabilesDe(em, municipio, now)
  const hoy = diaDe(now, zona)
  const dia = (offset: number) => DateTime.fromISO(hoy, { zone: 'utc' }).plus({ days: offset }).toFormat('yyyy-MM-dd')
  const desde = dia(-DIAS)
  const vencidaHace = (dias: number) => [haceDiasHabiles(hoy, dias, inhabiles), dia(-1)].sort()[0] ?? desde
  const pronto = plazos.por_vencer_dias > 0 ? vencimiento(now, plazos.por_vencer_dias, inhabiles, zona) : hoy
  return [
    { evento: 'por_vencer', desde: hoy, hasta: pronto, quienes: enlaces },
    { evento: 'vencida', desde, hasta: dia(-1), quienes: enlaces },
    { evento: 'escalada_titular', desde, hasta: vencidaHace(plazos.escalar_titular_dias), quienes: titular },
    { evento: 'escalada_uac', desde, hasta: vencidaHace(plazos.escalar_uac_dias), quienes: uac },
  ]
}

interface Vencible extends Alcanzable {
  id: number
  venceEl: string
  anonima: boolean
}

/** @returns from which id on there may be more; Infinity when there are none. */
async function avisarLote(
  tx: EntityManager,
  { evento, desde, hasta, quienes }: Escalon,
  personal: readonly UsuarioActor[],
  cursor: number,
  now: Date,
): Promise<number> {
  const rows = await sql<Vencible>(tx, VENCIBLES, [desde, hasta, evento, cursor, LOTE])
  for (const { id, venceEl, anonima, ...alcanzable } of rows) {
    const usuarios = quienes(alcanzable, personal).filter((one) => alcanza(one, alcanzable))
    const ocurrencia = { evento, clave: `p${id}-${venceEl}`, objeto: { peticionId: id }, at: momento(now, anonima) }
    await avisar(
      tx,
      ocurrencia,
      usuarios.map((one) => one.id),
    )
  }
  return rows.length < LOTE ? Number.POSITIVE_INFINITY : (rows.at(-1)?.id ?? Number.POSITIVE_INFINITY)
}

const uac: Quienes = (_peticion, personal) => personal.filter(({ roles }) => roles.includes('validador'))

const enlaces: Quienes = (peticion, personal) => {
  const own = personal.filter(
    ({ roles, dependenciaId }) => roles.includes('enlace') && dependenciaId === peticion.dependenciaId,
  )
  return own.length > 0 ? own : uac(peticion, personal)
}

/** The nearest above: those of the smallest house that the dependencia belongs to. */
const titular: Quienes = ({ dependenciaId }, personal) => {
  const above = personal.filter(
    ({ roles, dependencias }) =>
      typeof dependenciaId === 'string' && roles.includes('titular') && dependencias.includes(dependenciaId),
  )
  const smallest = Math.min(...above.map(({ dependencias }) => dependencias.length))
  return above.filter(({ dependencias }) => dependencias.length === smallest)
}

const VENCIBLES = `
select p.id, to_char(p.vence_el, 'YYYY-MM-DD') as "venceEl", p.anonima, p.dependencia_id as "dependenciaId", p.medio,
       p.capturada_por as "capturadaPor", p.reservada
  from peticion p
 where ${ABIERTA} and p.vence_el between $1 and $2 and p.id > $4
   and not exists (select from aviso_personal v
     where v.peticion_id = p.id and v.evento = $3 and v.clave = 'p' || p.id || '-' || to_char(p.vence_el, 'YYYY-MM-DD'))
 order by p.id limit $5`
