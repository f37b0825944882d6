import type { EntityManager } from '@mikro-orm/postgresql'
import { type Hueco, rellenar, respuestasPara } from '../../workflow/peticion/respuestas-guardadas.ts'
import type { Palabras } from '../palabras.ts'
import type { PeticionDetallada } from './detalle-consulta.ts'

/** The answers written beforehand that fit this petition, with its own words in their gaps. */
export async function respuestasDe(
  em: EntityManager,
  p: PeticionDetallada,
  { t, fecha }: Palabras,
): Promise<{ titulo: string; texto: string }[]> {
  const valores: Record<Hueco, string> = {
    nombre: p.nombre ?? t('hueco_falta.nombre'),
    folio: p.folio,
    asunto: p.asunto,
    dependencia: p.dependencia ?? t('hueco_falta.dependencia'),
    colonia: p.colonia ?? t('hueco_falta.colonia'),
    vence: fecha(p.venceEl),
  }
  const guardadas = await respuestasPara(em, p)
  return guardadas.map(({ titulo, texto }) => ({ titulo, texto: rellenar(texto, valores) }))
}
