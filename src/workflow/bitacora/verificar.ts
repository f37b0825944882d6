import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import { eslabonDe, PRIMERO, RENGLON, selloDeDepurado } from './sellar.ts'

/** What is wrong with a line: it was changed, it is gone, its seal is gone, or it should have been sealed and was not. */
export interface Falla {
  que: 'cambiado' | 'borrado' | 'sin_eslabon' | 'sin_sello'
  /** Of the line; of a missing link, its place in the chain. */
  id: number
}

/** What a verification found. */
export interface Verificacion {
  /** Lines that were looked at, and those that went by their age before. */
  revisados: number
  depurados: number
  fallas: Falla[]
  /** The last link: whoever keeps it elsewhere knows later that nothing was cut off at the end. */
  ultimo: { n: number; hash: string } | undefined
}

interface Eslabon {
  n: number
  auditId: number
  hash: Buffer
  renglon: string | null
}

/** Links read at a time. */
const PAGINA = 5000

/** As many faults as are named. */
const MAXIMO = 100

/** Goes through the whole chain, in the order in which it was made, and names every line that is not as it was sealed. */
export async function verificarBitacora(em: EntityManager, secretKey: string): Promise<Verificacion> {
  const hecha: Verificacion = { revisados: 0, depurados: 0, fallas: [], ultimo: undefined }
  const depurado = await depuradoHasta(em, secretKey)
  const eslabon = eslabonDe(secretKey)
  let [n, hash]: [number, Buffer] = [0, PRIMERO]
  for (let pagina = await leer(em, n); pagina.length > 0; pagina = await leer(em, n)) {
    for (const one of pagina) {
      if (one.renglon === null) hecha.depurados += one.n <= depurado ? 1 : 0
      else hecha.revisados += 1
      revisar(hecha, one, { n, hash, depurado }, eslabon)
      ;[n, hash] = [one.n, one.hash]
    }
  }
  const sinSello = await sql<{ id: number }>(em, SIN_SELLO, [MAXIMO])
  hecha.fallas.push(...sinSello.map(({ id }): Falla => ({ que: 'sin_sello', id })))
  hecha.fallas.splice(MAXIMO)
  if (n > 0) hecha.ultimo = { n, hash: hash.toString('hex') }
  return hecha
}

/** How far lines went by their age, as far as a line with a seal of ours says so: anybody who can write to the database can write the words. */
async function depuradoHasta(em: EntityManager, secretKey: string): Promise<number> {
  const dichos = await sql<{ hasta: number; sello: string | null; hash: Buffer }>(em, DEPURADO)
  const ciertos = dichos.filter(({ hasta, sello, hash }) => sello === selloDeDepurado(secretKey, hasta, hash))
  return Math.max(0, ...ciertos.map(({ hasta }) => hasta))
}

function revisar(
  { fallas }: Pick<Verificacion, 'fallas'>,
  one: Eslabon,
  antes: { n: number; hash: Buffer; depurado: number },
  eslabon: ReturnType<typeof eslabonDe>,
): void {
  for (let falta = antes.n + 1; falta < one.n && fallas.length < MAXIMO; falta++)
    fallas.push({ que: 'sin_eslabon', id: falta })
  const que = fallaDe(one, antes.depurado, () => eslabon(antes.hash, one.renglon ?? ''))
  // After a missing link the one before is unknown: that line cannot be judged.
  if (que && !(que === 'cambiado' && one.n !== antes.n + 1)) fallas.push({ que, id: one.auditId })
}

function fallaDe({ n, hash, renglon }: Eslabon, depurado: number, esperado: () => Buffer): Falla['que'] | undefined {
  if (renglon === null) return n <= depurado ? undefined : 'borrado'
  return esperado().equals(hash) ? undefined : 'cambiado'
}

const leer = (em: EntityManager, n: number): Promise<Eslabon[]> => sql(em, CADENA, [n, PAGINA])

const CADENA = `
select s.n, s.audit_id as "auditId", s.hash, case when a.id is not null then ${RENGLON} end as renglon
  from audit_sello s left join audit a on a.id = s.audit_id where s.n > $1 order by s.n limit $2`

// Lines go by age in the order of the chain, and a line that is sealed after them says so.
const DEPURADO = `
select s.n as hasta, a.detail->>'sello' as sello, s.hash
  from audit a join audit_sello s on s.n = (a.detail->>'hasta')::bigint
 where a.action = 'bitacora.depurar' and a.detail->>'hasta' ~ '^[0-9]{1,18}$' order by s.n desc limit 1000`

const SIN_SELLO = `
select a.id from audit a where a.at < now() - interval '1 day' and not exists (select from audit_sello s where s.audit_id = a.id)
 order by a.id limit $1`
