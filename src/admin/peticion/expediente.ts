import type { EntityManager } from '@mikro-orm/postgresql'
import { diasInhabilesDe } from '../../workflow/catalogo/dias-inhabiles.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import { diaDe, diasHabilesEntre } from '../../workflow/peticion/plazo.ts'
import type { Archivo, MovimientoDetallado, PeticionDetallada } from './detalle-consulta.ts'

/** A requirement of the category, and how it was met. */
interface RequisitoEntregado {
  nombre: string
  /** What was said or handed in; null while it is missing. */
  valor: string | null
  /** Its file, when it came as one. */
  archivo: Archivo | undefined
}

/** The *expediente* of a petition: what was handed in, the papers that went and came, and how long the dependencia takes. */
export interface Expediente {
  requisitos: RequisitoEntregado[]
  papeles: Archivo[]
  /** From being directed to the dependencia until its answer, or until now; undefined while it is with nobody. */
  espera: { desde: Date; hasta: Date | undefined; dias: number } | undefined
}

/** Puts it together from what the page has read; `now` is the end of a wait that goes on. */
export async function expedienteDe(
  em: EntityManager,
  municipio: Municipio,
  p: PeticionDetallada,
  { archivos, movimientos, now }: { archivos: Archivo[]; movimientos: MovimientoDetallado[]; now: Date },
): Promise<Expediente> {
  return {
    requisitos: p.listaDeRequisitos.map(({ id, nombre }) => {
      const valor = p.requisitos[id] ?? null
      return { nombre, valor, archivo: archivos.find((one) => one.id === valor) }
    }),
    papeles: archivos.filter(({ uso }) => uso === 'formato' || uso === 'oficio'),
    espera: await esperaDe(em, municipio, p, movimientos, now),
  }
}

const ABIERTA: readonly string[] = ['CANALIZADO', 'RECIBIDO', 'PROCESO']

async function esperaDe(
  em: EntityManager,
  municipio: Municipio,
  { estado }: PeticionDetallada,
  movimientos: MovimientoDetallado[],
  now: Date,
): Promise<Expediente['espera']> {
  const contestada = estado === 'CONCLUIDO' || estado === 'VALIDADO'
  const desde = movimientos.findLast(({ verbo }) => verbo === 'canalizar' || verbo === 'recanalizar')?.at
  if (!desde || !(contestada || ABIERTA.includes(estado))) return undefined
  const hasta = contestada ? movimientos.findLast(({ verbo }) => verbo === 'concluir')?.at : undefined
  const inhabiles = await diasInhabilesDe(em, municipio, now)
  const dia = (at: Date) => diaDe(at, municipio.zona_horaria)
  return { desde, hasta, dias: diasHabilesEntre(dia(desde), dia(hasta ?? now), inhabiles) }
}
