import { describe, expect, it } from 'vitest'
import { sql } from '../../src/runtime/sql.ts'
import { firmaValida, folioConClave } from '../../src/workflow/peticion/claves.ts'
import { concluir } from '../../src/workflow/peticion/verbos/concluir.ts'
import { vistaPublica } from '../../src/workflow/peticion/vista-publica.ts'
import { CONSULTAS_FALLIDAS, servicesFor } from '../../src/workflow/services.ts'
import {
  type Ayuntamiento,
  ayuntamiento,
  BACHE,
  en,
  mensajes,
  registrarDe,
  SECRET,
  type Vecina,
  vecina,
} from './ayuntamiento.ts'
import { ctx, llevada } from './camino.ts'
import { RESUELTO } from './hacer.ts'

const para = (town: Ayuntamiento, { addressId, conversationId }: Vecina) =>
  servicesFor(
    town.database.fork(),
    { id: conversationId, addressId, channel: 'telegram', account: 'default' },
    town.services,
  )

const CLAVES = { secretKey: SECRET, prefijo: 'UAC' }

describe('a conversation may', () => {
  it('list the petitions of its own address, newest first, without the anonymous ones', async () => {
    const town = await ayuntamiento()
    const [una, otra] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    const [vieja, nueva] = [await registrarDe(town, una), await registrarDe(town, una)]
    await registrarDe(town, una, { ...BACHE, categoria: 'RUIDO', anonima: true })
    await registrarDe(town, otra)
    const mine = await para(town, una).misPeticiones(5)
    expect(mine.map((one) => one.folio)).toEqual([nueva.folio, vieja.folio])
    expect(mine[0]).toMatchObject({ asunto: 'Bache', estado: 'REGISTRADO', dependencia: null, ultimaNovedad: null })
    expect(await para(town, una).misPeticiones(1)).toHaveLength(1)
  })

  it('list after its own those it joined, with nothing of who made them, to be looked at and no more', async () => {
    const town = await ayuntamiento()
    const [una, otra] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    const propia = await registrarDe(town, una)
    const id = await llevada(town, 'CONCLUIDO', BACHE, otra)
    const ajena = (await para(town, otra).misPeticiones(1))[0]
    if (!ajena) throw new Error('not registered')
    expect(ajena).toMatchObject({ estado: 'CONCLUIDO', enlacePublico: expect.any(String) })
    await sql(town.database.fork(), 'insert into adhesion (peticion_id, address_id, at) values ($1, $2, now())', [
      id,
      una.addressId,
    ])
    const mine = await para(town, una).misPeticiones(5)
    expect(mine.map((one) => one.folio)).toEqual([propia.folio, ajena.folio])
    expect(mine[0]).not.toHaveProperty('sumada')
    expect(mine[1]).toEqual({ ...ajena, ultimaNovedad: null, enlacePublico: null, sumada: true })
    const services = para(town, una)
    expect(await services.posibilidades(ajena.folio)).toBeUndefined()
    const dicho = { texto: 'x', archivos: [] }
    expect(await services.comentar(ajena.folio, dicho)).toBe(false)
    expect(await services.retirar(ajena.folio, 'x')).toBe(false)
    expect(await services.reabrir(ajena.folio, 'x')).toBe(false)
    expect(await services.opinar(ajena.folio, { resuelto: true })).toBe(false)
    await sql(town.database.fork(), 'update peticion set reservada = true where id = $1', [id])
    expect(await services.misPeticiones(5)).toHaveLength(1)
  })

  it('look up another’s with folio and clave, however typed, and hears the same of an unknown folio and a wrong clave', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const { folio, clave } = await registrarDe(town, await vecina(town.database.fork()))
    const services = para(town, quien)
    expect(await services.consultar(folio.toLowerCase().replaceAll('-', ' '), ` ${clave.toLowerCase()}`)).toMatchObject(
      { folio },
    )
    expect(await services.consultar(folio, 'AAAAAAAA')).toBeUndefined()
    expect(await services.consultar('UAC-26-000099-7', clave)).toBeUndefined()
    expect(await services.consultar('hola', '')).toBeUndefined()
  })

  it('try only so often in an hour', async () => {
    const town = await ayuntamiento()
    const [una, otra] = [await vecina(town.database.fork()), await vecina(town.database.fork())]
    const { folio, clave } = await registrarDe(town, await vecina(town.database.fork()))
    for (let i = 0; i < CONSULTAS_FALLIDAS; i++) await para(town, una).consultar(folio, 'AAAAAAAA')
    expect(await para(town, una).consultar(folio, clave)).toBeUndefined()
    expect(await para(town, otra).consultar(folio, clave)).toMatchObject({ folio })
    await sql(town.database.fork(), `update throttle set resets_at = now() - interval '1 second'`)
    expect(await para(town, una).consultar(folio, clave)).toMatchObject({ folio })
  })

  it('accept the notice of privacy, stop and resume notices, and ask for its data', async () => {
    const town = await ayuntamiento()
    const quien = await vecina(town.database.fork())
    const services = para(town, quien)
    const address = async () =>
      (await sql(town.database.fork(), 'select aviso_version as v, avisos_baja_at is null as hears from address'))[0]
    await services.aceptarAviso('2026-11')
    await services.avisos(false)
    expect(await address()).toEqual({ v: '2026-11', hears: false })
    await services.avisos(true)
    expect(await address()).toEqual({ v: '2026-11', hears: true })
    const { folio } = await services.solicitarArco('Borren mi teléfono', 'cancelacion')
    expect(
      await sql(
        town.database.fork(),
        `select categoria, plazo_dias as dias, reservada, respuestas->>'derecho' as derecho from peticion where folio = $1`,
        [folio],
      ),
    ).toEqual([{ categoria: 'ARCO', dias: 20, reservada: true, derecho: 'cancelacion' }])
  })
})

describe('a petition’s page', () => {
  it('shows state and history in the citizen’s words, and nothing personal', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'PROCESO')
    const explicacion = 'Se acabó el asfalto.'
    await en(town, (em) =>
      concluir(em, id, town.usuarios.enlaceObras, { ...RESUELTO, resuelto: false, explicacion }, ctx),
    )
    const [row] = await sql<{ folio: string }>(town.database.fork(), 'select folio from peticion')
    const vista = await vistaPublica(town.database.fork(), row?.folio ?? '', mensajes)
    expect(vista).toMatchObject({ estado: 'CONCLUIDO', dependencia: 'Obras Públicas', venceEl: '2026-12-04' })
    expect(vista?.historia.map((one) => [one.estadoTexto, one.dependencia, one.nota])).toEqual([
      [mensajes.text('estados.REGISTRADO'), null, null],
      [mensajes.text('estados.CANALIZADO'), 'Obras Públicas', null],
      [mensajes.text('estados.RECIBIDO'), 'Obras Públicas', null],
      [mensajes.text('estados.PROCESO'), 'Obras Públicas', null],
      [mensajes.text('estados.CONCLUIDO'), 'Obras Públicas', explicacion],
    ])
    const shown = JSON.stringify(vista)
    for (const personal of ['María', '833', 'Nuevo Madero', 'Ébano', 'enfrente', 'enlaceObras', RESUELTO.observacion]) {
      expect(shown).not.toContain(personal)
    }
    expect(await vistaPublica(town.database.fork(), 'UAC-26-000099-7', mensajes)).toBeUndefined()
  })

  it('opens by its clave or by a link that we signed for this very folio', async () => {
    const town = await ayuntamiento()
    const [una, otra] = [
      await registrarDe(town, await vecina(town.database.fork())),
      await registrarDe(town, await vecina(town.database.fork())),
    ]
    const em = town.database.fork()
    expect(await folioConClave(em, { folio: `folio ${una.folio}`, clave: una.clave }, CLAVES)).toBe(una.folio)
    expect(await folioConClave(em, { folio: otra.folio, clave: una.clave }, CLAVES)).toBeUndefined()
    const link = new URL(una.enlacePublico)
    const firma = link.searchParams.get('firma') ?? ''
    expect(link.href.startsWith('https://uac.example/folio?')).toBe(true)
    expect(link.searchParams.get('folio')).toBe(una.folio)
    expect(firmaValida(SECRET, una.folio, firma)).toBe(true)
    expect(firmaValida(SECRET, otra.folio, firma)).toBe(false)
    expect(firmaValida('otra clave', una.folio, firma)).toBe(false)
    expect(firmaValida(SECRET, una.folio, '')).toBe(false)
  })
})

it('asks for consent to notices only where nobody is written to unasked, and only until they said', async () => {
  const town = await ayuntamiento()
  const { addressId, conversationId } = await vecina(town.database.fork())
  const turno = { id: conversationId, addressId, channel: 'whatsapp', account: 'default' }
  const en = (replyOnly?: true) =>
    servicesFor(town.database.fork(), turno, {
      ...town.services,
      limitsOf: (channel, account) => ({
        ...town.services.limitsOf(channel, account),
        ...(replyOnly && { replyOnly }),
      }),
    })
  expect(await en().faltaConsentimiento()).toBe(false)
  expect(await en(true).faltaConsentimiento()).toBe(true)
  await en(true).avisos(false)
  expect(await en(true).faltaConsentimiento()).toBe(false)
  await en(true).avisos(true)
  expect(await en(true).faltaConsentimiento()).toBe(false)
})
