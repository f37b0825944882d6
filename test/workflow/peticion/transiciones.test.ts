import { readFileSync } from 'node:fs'
import type { EntityManager } from '@mikro-orm/postgresql'
import { describe, expect, it } from 'vitest'
import { ESTADOS, type Estado } from '../../../src/conversation/flows/vocabulary.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import type { Actor } from '../../../src/workflow/actor.ts'
import { verbosPermitidos } from '../../../src/workflow/permisos.ts'
import { TransicionNoPermitida } from '../../../src/workflow/peticion/rechazos.ts'
import { TRANSICIONES } from '../../../src/workflow/peticion/transiciones.ts'
import { AHORA, type Ayuntamiento, ayuntamiento, ensayar, peticionDe, registrarDe, vecina } from '../ayuntamiento.ts'
import { HACER, VERBOS_SOBRE_PETICION } from '../hacer.ts'

interface Renglon {
  verbo: string
  de: string[]
  a: string
  quien: string[]
}

const publicada: Renglon[] = readFileSync('docs/transiciones.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| [a-z]+ \| [A-Z—a]/.test(line) && !line.startsWith('| verb '))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, verbo = '', de = '', a = '', quien = '']) => ({
    verbo,
    de: de === 'any' ? [...ESTADOS] : de.split(', '),
    a,
    quien: quien.split(', '),
  }))

const esperada = (verbo: string, estado: Estado, parte: string) =>
  publicada.find((one) => one.verbo === verbo && one.de.includes(estado) && one.quien.includes(parte))

/** One of each who may do things, all within reach of the same petition of Obras Públicas. */
function actores({ usuarios }: Ayuntamiento): Record<string, Actor> {
  const { enlaceObras, validador, capturista, comunicacion, administrador } = usuarios
  return {
    enlace: enlaceObras,
    titular: { ...usuarios.otroEnlaceObras, roles: ['titular'] },
    validador,
    capturista,
    comunicacion,
    administrador,
    sistema: { tipo: 'sistema' },
    ciudadano: { tipo: 'ciudadano' },
  }
}

async function enEstado(em: EntityManager, id: number, estado: Estado, capturadaPor: number): Promise<void> {
  await sql(
    em,
    `update peticion set estado = $2, dependencia_id = 'OP', medio = 'redes_sociales', capturada_por = $3,
            validada_at = case when $2 = 'VALIDADO' then $4::timestamptz end where id = $1`,
    [id, estado, capturadaPor, AHORA],
  )
}

const retrato = (em: EntityManager, id: number) =>
  sqlOne(
    em,
    `select to_jsonb(p) as peticion, (select count(*) from movimiento) as movimientos, (select count(*) from outbox) as outbox,
            (select count(*) from message) as mensajes from peticion p where id = $1`,
    [id],
  )

describe('the table of transitions', () => {
  it('is the one published in docs', () => {
    const propia = TRANSICIONES.map(({ verbo, de, a, quien }) => ({
      verbo,
      de: de.map((estado) => estado ?? '—'),
      a: a ?? '—',
      quien,
    }))
    expect(propia).toEqual(publicada)
  })

  it.each(ESTADOS)(
    'lets only those it names move a petition that is %s, and refuses the rest without a trace',
    async (estado) => {
      const town = await ayuntamiento()
      const { peticionId } = await registrarDe(town, await vecina(town.database.fork()))
      const wrong: string[] = []
      for (const verbo of VERBOS_SOBRE_PETICION) {
        for (const [parte, actor] of Object.entries(actores(town))) {
          const expected = esperada(verbo, estado, parte)
          const outcome = await ensayar(town.database, async (em) => {
            await enEstado(em, peticionId, estado, town.usuarios.capturista.id)
            if (verbo === 'valorar') await sql(em, "update peticion set valoracion = 'pendiente'")
            const before = await retrato(em, peticionId)
            try {
              return (await HACER[verbo](em, peticionId, actor, town)).estado
            } catch (error) {
              if (!(error instanceof TransicionNoPermitida)) throw error
              expect(error.permitidos).not.toContain(verbo)
              expect(await retrato(em, peticionId)).toEqual(before)
              return 'refused'
            }
          })
          const due = expected ? (expected.a === '—' ? estado : expected.a) : 'refused'
          if (outcome !== due) wrong.push(`${verbo} by ${parte}: ${outcome}, expected ${due}`)
        }
      }
      expect(wrong).toEqual([])
    },
  )

  it('tells who is refused what they may do now', async () => {
    const town = await ayuntamiento()
    const { peticionId } = await registrarDe(town, await vecina(town.database.fork()))
    await enEstado(town.database.fork(), peticionId, 'RECIBIDO', town.usuarios.capturista.id)
    const { enlaceObras } = town.usuarios
    const refused = await ensayar(town.database, (em) => HACER.concluir(em, peticionId, enlaceObras, town)).catch(
      (error) => error,
    )
    expect(refused).toBeInstanceOf(TransicionNoPermitida)
    expect(refused).toMatchObject({
      verbo: 'concluir',
      estado: 'RECIBIDO',
      permitidos: ['devolver', 'procesar', 'preguntar', 'responder', 'anotar'],
    })
    const peticion = await peticionDe(town.database, peticionId)
    expect(verbosPermitidos(enlaceObras, peticion)).toEqual(refused.permitidos)
  })
})
