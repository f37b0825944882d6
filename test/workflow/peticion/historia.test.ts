import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import type { Actor } from '../../../src/workflow/actor.ts'
import { verbosPermitidos } from '../../../src/workflow/permisos.ts'
import type { Movimiento } from '../../../src/workflow/peticion/movimiento.ts'
import type { Movido } from '../../../src/workflow/peticion/paso.ts'
import { FueraDeAlcance, Rechazo } from '../../../src/workflow/peticion/rechazos.ts'
import { TRANSICIONES } from '../../../src/workflow/peticion/transiciones.ts'
import { type Ayuntamiento, ayuntamiento, peticionDe, registrarDe, vecina } from '../ayuntamiento.ts'
import { HACER, VERBOS_SOBRE_PETICION, type VerboSobrePeticion } from '../hacer.ts'

const QUIENES = ['enlaceObras', 'enlaceTransito', 'validador', 'capturista', 'sistema', 'ciudadano'] as const

/** Somebody does what they may, or (wildly) anything. */
interface Intento {
  quien: (typeof QUIENES)[number]
  cual: number
  alocado: boolean
}

const intento = fc.record<Intento>({
  quien: fc.constantFrom(...QUIENES),
  cual: fc.nat(100),
  alocado: fc.boolean(),
})

type Entrada = Pick<Movimiento, 'verbo' | 'de' | 'a'>

/** undefined: refused. */
async function intentar(
  town: Ayuntamiento,
  id: number,
  { quien, cual, alocado }: Intento,
): Promise<Movido | undefined> {
  const actor: Actor = quien === 'sistema' || quien === 'ciudadano' ? { tipo: quien } : town.usuarios[quien]
  const permitidos = verbosPermitidos(actor, await peticionDe(town.database, id)) as VerboSobrePeticion[]
  const entre = alocado || permitidos.length === 0 ? VERBOS_SOBRE_PETICION : permitidos
  const verbo = entre[cual % entre.length] ?? 'anotar'
  try {
    return await town.database.fork().transactional((em) => HACER[verbo](em, id, actor, town))
  } catch (error) {
    if (error instanceof Rechazo) return undefined
    throw error
  }
}

const historiaDe = ({ database }: Ayuntamiento, id: number) =>
  sql<Entrada>(database.fork(), 'select verbo, de, a from movimiento where peticion_id = $1 order by id', [id])

/** Each entry begins where the one before ended, by a line of the table. */
function esperarCadena(historia: Entrada[]): void {
  for (const [at, { verbo, de, a }] of historia.entries()) {
    expect(de).toBe(at === 0 ? null : historia[at - 1]?.a)
    const line = TRANSICIONES.find((one) => one.verbo === verbo && one.de.includes(de ?? null))
    expect(line && (line.a ?? de)).toBe(a)
  }
}

/** What leaves the state as it is is no new version. */
const mueve = ({ verbo }: Entrada) => TRANSICIONES.some((one) => one.verbo === verbo && one.a !== null)

describe('the history of a petition', () => {
  it('agrees with its state and version, whatever is tried on it in whatever order', async () => {
    const town = await ayuntamiento()
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(intento, { minLength: 10, maxLength: 60 }), async (intentos) => {
        const { peticionId } = await registrarDe(town, await vecina(town.database.fork()))
        const hechos: Movido[] = []
        for (const one of intentos) {
          const movido = await intentar(town, peticionId, one)
          if (movido) hechos.push(movido)
        }
        const peticion = await peticionDe(town.database, peticionId)
        const historia = await historiaDe(town, peticionId)
        esperarCadena(historia)
        expect(historia).toHaveLength(hechos.length + 1)
        expect(historia.at(-1)?.a).toBe(peticion.estado)
        expect(peticion.version).toBe(historia.filter(mueve).length)
        expect(hechos.map((one) => one.version)).toEqual([...hechos.map((one) => one.version)].sort((a, b) => a - b))
        for (const { verbo } of historia) seen.add(verbo)
      }),
      { numRuns: 25 },
    )
    // The walk was long enough to mean something.
    expect(seen.size).toBeGreaterThan(8)
  })

  it('only grows', async () => {
    const town = await ayuntamiento()
    await registrarDe(town, await vecina(town.database.fork()))
    const em = town.database.fork()
    await expect(sql(em, `update movimiento set nota = 'otra cosa'`)).rejects.toThrow('append-only')
    await expect(sql(em, 'delete from movimiento')).rejects.toThrow('append-only')
  })

  it('says the same of a petition that is not there and of one out of reach', async () => {
    const town = await ayuntamiento()
    const { peticionId } = await registrarDe(town, await vecina(town.database.fork()))
    const { enlaceTransito } = town.usuarios
    for (const id of [peticionId, 999_999]) {
      const trying = town.database.fork().transactional((em) => HACER.recibir(em, id, enlaceTransito, town))
      await expect(trying).rejects.toThrow(FueraDeAlcance)
    }
  })
})
