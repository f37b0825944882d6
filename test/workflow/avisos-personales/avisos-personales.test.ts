import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import type { UsuarioActor } from '../../../src/workflow/actor.ts'
import { contarSinLeer, leerAvisos, marcarLeidos } from '../../../src/workflow/avisos-personales/leer.ts'
import { avisarPlazos } from '../../../src/workflow/avisos-personales/plazos.ts'
import { verConversacion, vigilar } from '../../../src/workflow/avisos-personales/vigilar.ts'
import { haceDiasHabiles } from '../../../src/workflow/peticion/plazo.ts'
import { anotar } from '../../../src/workflow/peticion/verbos/anotar.ts'
import { canalizar, recanalizar } from '../../../src/workflow/peticion/verbos/canalizar.ts'
import { comentar } from '../../../src/workflow/peticion/verbos/comentar.ts'
import { devolver } from '../../../src/workflow/peticion/verbos/devolver.ts'
import {
  AHORA,
  type Ayuntamiento,
  ayuntamiento,
  BACHE,
  en,
  municipio,
  QUEJA,
  registrarDe,
  vecina,
} from '../ayuntamiento.ts'

const ctx = { ahora: AHORA }
const SISTEMA = { tipo: 'sistema' } as const
const CIUDADANO = { tipo: 'ciudadano' } as const

async function canalizada(town: Ayuntamiento, borrador = BACHE) {
  const quien = await vecina(town.database.fork())
  const { peticionId, folio } = await registrarDe(town, quien, borrador)
  await en(town, (em) => canalizar(em, peticionId, SISTEMA, {}, ctx))
  return { peticionId, folio, ...quien }
}

const oidos = async ({ database }: Ayuntamiento, usuario: UsuarioActor) =>
  (await leerAvisos(database.fork(), usuario)).map(({ evento }) => evento)

const vence = ({ database }: Ayuntamiento, id: number, dia: string) =>
  sql(database.fork(), 'update peticion set vence_el = $2 where id = $1', [id, dia])

describe('a notice to the staff', () => {
  it('reaches the enlaces of the dependencia it was directed to, and nobody else', async () => {
    const town = await ayuntamiento()
    const { enlaceObras, otroEnlaceObras, enlaceTransito, validador, capturista } = town.usuarios
    const { peticionId, folio } = await canalizada(town)
    const [aviso] = await leerAvisos(town.database.fork(), enlaceObras)
    expect(aviso).toMatchObject({ evento: 'asignada', folio, reservada: false, leidoAt: null })
    expect(await oidos(town, otroEnlaceObras)).toEqual(['asignada'])
    for (const other of [enlaceTransito, validador, capturista]) expect(await oidos(town, other)).toEqual([])

    await en(town, (em) => comentar(em, peticionId, CIUDADANO, { texto: 'Sigue igual' }, ctx))
    expect(await oidos(town, enlaceObras)).toEqual(['comentario', 'asignada'])
    await en(town, (em) => devolver(em, peticionId, enlaceObras, { motivo: 'No es nuestra' }, ctx))
    expect(await oidos(town, validador)).toEqual(['devuelta'])
    expect(await oidos(town, enlaceObras), 'what left their reach disappears').toEqual([])
    expect(await contarSinLeer(town.database.fork(), enlaceObras)).toBe(0)
  })

  it('does not tell who did it, and says no more than the folio of a reservada', async () => {
    const town = await ayuntamiento()
    const { enlaceContraloria, validador, administrador } = town.usuarios
    const { peticionId, folio } = await canalizada(town, QUEJA)
    expect(await leerAvisos(town.database.fork(), enlaceContraloria)).toMatchObject([
      { folio, asunto: null, reservada: true },
    ])
    const otra = await canalizada(town)
    await en(town, (em) =>
      recanalizar(em, otra.peticionId, validador, { dependencia: 'TV', motivo: 'Es de tránsito' }, ctx),
    )
    expect(await oidos(town, validador)).toEqual([])
    expect(await oidos(town, town.usuarios.enlaceTransito)).toEqual(['asignada'])
    await en(town, (em) => anotar(em, peticionId, validador, { nota: 'ojo @enlacecontraloria' }, ctx))
    const [mencion] = await leerAvisos(town.database.fork(), enlaceContraloria)
    expect(mencion).toMatchObject({ evento: 'mencion', de: 'validador' })
    expect(await oidos(town, administrador)).toEqual([])
  })

  it('goes up from the enlace to the titular and the UAC as working days pass, each once', async () => {
    const town = await ayuntamiento()
    const { enlaceTransito, titularSeguridad, validador } = town.usuarios
    const { peticionId } = await canalizada(town)
    await sql(town.database.fork(), "update peticion set dependencia_id = 'TV' where id = $1", [peticionId])
    await sql(town.database.fork(), 'delete from aviso_personal')
    const revisar = (dia: string) => avisarPlazos(town.database.fork(), municipio, new Date(`${dia}T18:00:00Z`))
    // Friday 27 November 2026.
    await vence(town, peticionId, '2026-11-27')
    await revisar('2026-11-24')
    expect(await oidos(town, enlaceTransito)).toEqual([])
    await revisar('2026-11-25')
    await revisar('2026-11-25')
    expect(await oidos(town, enlaceTransito)).toEqual(['por_vencer'])
    await revisar('2026-11-28')
    expect(await oidos(town, enlaceTransito)).toEqual(['vencida', 'por_vencer'])
    expect(await oidos(town, titularSeguridad), 'a weekend is no working day').toEqual([])
    await revisar('2026-11-30')
    expect(await oidos(town, titularSeguridad)).toEqual(['escalada_titular'])
    await revisar('2026-12-01')
    expect(await oidos(town, validador)).toEqual([])
    await revisar('2026-12-02')
    expect(await oidos(town, validador)).toEqual(['escalada_uac'])
    expect(await oidos(town, enlaceTransito)).toEqual(['vencida', 'por_vencer'])
  })

  it('is read one by one, by petition, or all up to one; nobody reads that of another', async () => {
    const town = await ayuntamiento()
    const { enlaceObras, otroEnlaceObras } = town.usuarios
    const una = await canalizada(town)
    await canalizada(town)
    const em = town.database.fork()
    const [last] = await leerAvisos(em, enlaceObras)
    expect(await marcarLeidos(em, otroEnlaceObras.id, { id: last?.id ?? 0 }, AHORA)).toBe(0)
    expect(await marcarLeidos(em, enlaceObras.id, { peticionId: una.peticionId }, AHORA)).toBe(1)
    expect(await contarSinLeer(em, enlaceObras)).toBe(1)
    expect(await marcarLeidos(em, enlaceObras.id, { hasta: last?.id ?? 0 }, AHORA)).toBe(1)
    expect(await contarSinLeer(em, enlaceObras)).toBe(0)
    expect(await contarSinLeer(em, otroEnlaceObras)).toBe(2)
  })
})

describe('a conversation', () => {
  it('that asks for a person is told once to those who attend, until somebody takes it', async () => {
    const town = await ayuntamiento()
    const { capturista, comunicacion, enlaceObras } = town.usuarios
    const em = town.database.fork()
    const { conversationId } = await vecina(em)
    await sql(em, "update conversation set mode = 'human', human_since = now() where id = $1", [conversationId])
    await vigilar(em, [])
    await vigilar(em, [])
    expect(await leerAvisos(em, capturista)).toMatchObject([{ evento: 'pide_persona', conversationId, folio: null }])
    expect(await oidos(town, enlaceObras)).toEqual([])
    await sql(em, 'update conversation set assigned_to = $2 where id = $1', [conversationId, capturista.id])
    await vigilar(em, [])
    expect(await contarSinLeer(em, comunicacion)).toBe(0)
  })

  it('tells whom it belongs to of what is said in it, once until they read it, and not what they have before them', async () => {
    const town = await ayuntamiento()
    const { capturista } = town.usuarios
    const em = town.database.fork()
    const { conversationId } = await vecina(em)
    await sql(
      em,
      "update conversation set mode = 'human', human_since = now(), assigned_to = $2, last_inbound_at = now() where id = $1",
      [conversationId, capturista.id],
    )
    const escribe = (external: string) =>
      sql(
        em,
        `insert into message (channel, account, external_id, direction, conversation_id, kind, body, status, created_at)
         values ('telegram', 'default', $2, 'in', $1, 'text', '{}', 'handled', clock_timestamp() - interval '10 seconds')`,
        [conversationId, external],
      )
    await escribe('1')
    await vigilar(em, [])
    await escribe('2')
    await vigilar(em, [])
    expect(await oidos(town, capturista)).toEqual(['mensaje'])
    await marcarLeidos(em, capturista.id, { conversationId }, new Date())
    await verConversacion(em, capturista.id, conversationId)
    await vigilar(em, [])
    expect(await contarSinLeer(em, capturista)).toBe(0)
  })
})

it('who waits, and who wrote, is told of also behind fifty others who were told of', async () => {
  const town = await ayuntamiento()
  const { capturista, comunicacion } = town.usuarios
  const em = town.database.fork()
  await sql(em, ESPERAN_VARIOS, [60])
  await vigilar(em, [])
  await vigilar(em, [])
  expect(await contarSinLeer(em, comunicacion)).toBe(60)

  await sql(em, 'update conversation set assigned_to = $1, last_inbound_at = now()', [capturista.id])
  await sql(
    em,
    `insert into message (channel, account, external_id, direction, conversation_id, kind, body, status, created_at)
     select 'telegram', 'default', 'dicho-' || id, 'in', id, 'text', '{}', 'handled', clock_timestamp() - interval '10 seconds' from conversation`,
  )
  for (let vez = 0; vez < 2; vez++) {
    await vigilar(em, [])
    await marcarLeidos(em, capturista.id, { hasta: Number.MAX_SAFE_INTEGER }, new Date())
  }
  const told = await sql(em, "select 1 from aviso_personal where evento = 'mensaje'")
  expect(told).toHaveLength(60)
})

const ESPERAN_VARIOS = `
with a as (insert into address (channel, account, external_id) select 'telegram', 'default', 'espera-' || i from generate_series(1, $1::integer) i returning id)
insert into conversation (address_id, mode, human_since) select id, 'human', clock_timestamp() from a`

it('an account that does not work is told to who administers, once until it is read', async () => {
  const town = await ayuntamiento()
  const em = town.database.fork()
  await sql(
    em,
    `insert into channel_state (channel, account, ok, code, since, noted_at) values ('telegram', 'default', false, 'token-refused', now(), now())`,
  )
  const cuentas = [{ name: 'telegram', account: 'default' }]
  await vigilar(em, cuentas)
  await sql(em, "update channel_state set since = now() + interval '1 second'")
  await vigilar(em, cuentas)
  expect(await leerAvisos(em, town.usuarios.administrador)).toMatchObject([
    { evento: 'canal_caido', cuenta: 'telegram/default' },
  ])
  expect(await oidos(town, town.usuarios.validador)).toEqual([])
})

it('an anonymous petition is told of by the hour only', async () => {
  const town = await ayuntamiento()
  await canalizada(town, { ...QUEJA, anonima: true })
  const row = await sqlOne<{ at: Date }>(town.database.fork(), 'select at from aviso_personal limit 1')
  expect(row?.at.getTime()).toBe(Math.floor(AHORA.getTime() / 3_600_000) * 3_600_000)
})

it('counts back working days', () => {
  const none = new Set<string>()
  expect(haceDiasHabiles('2026-11-30', 1, none)).toBe('2026-11-29')
  expect(haceDiasHabiles('2026-11-30', 2, none)).toBe('2026-11-26')
  expect(haceDiasHabiles('2026-11-30', 0, none)).toBe('2026-11-30')
})
