import type { Demo } from './demo.ts'
import { type Plan, planear } from './plan.ts'
import { decir } from './pueblo.ts'

/** Neighbours who report the same trouble within hours; and requests over personal data. */
const SIEMPRE = [
  { codigo: 'AGUA_FALTA', count: 7, horas: 5, colonia: 'Miramar' },
  { codigo: 'ARCO', count: 3, horas: 24 * 12, colonia: undefined },
]

/** Petitions that chance might leave out, and without which a page of the panel would show nothing. */
export function extras({ house, pueblo, calendar, random }: Demo, until: Date): Plan[] {
  return SIEMPRE.flatMap(({ codigo, count, horas, colonia }) => {
    const categoria = house.settings.catalogo.categorias.find((one) => one.codigo === codigo)
    const asunto = pueblo.categorias[codigo]
    if (!categoria || !asunto) throw new Error(`neither the catalogue nor pueblo.yaml may lack ${codigo}`)
    const planes = planear({ count: count * 4, days: 1, now: until }, house.settings, pueblo, calendar, random)
    return planes.slice(-count).map((plan, at) => {
      const ahi = colonia ?? plan.colonia
      return {
        ...plan,
        at: new Date(until.getTime() - ((at + 0.5) / count) * horas * 3_600_000),
        via: { tipo: 'captura' as const, medio: 'call_center' },
        categoria,
        asunto,
        texto: decir(random.pick(asunto.escritos), ahi, pueblo, random),
        colonia: ahi,
        punto: undefined,
        fotos: 0,
        anonima: false,
        nombre: random.pick(pueblo.personas).replace('{colonia}', ahi),
        telefono: plan.telefono ?? '8335550100',
      }
    })
  })
}
