import type { EntityManager } from '@mikro-orm/postgresql'
import { describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import type { Movimiento } from '../../../src/workflow/peticion/movimiento.ts'
import { Conflicto, DatoInvalido, type Falta } from '../../../src/workflow/peticion/rechazos.ts'
import { canalizar, recanalizar } from '../../../src/workflow/peticion/verbos/canalizar.ts'
import { cancelar } from '../../../src/workflow/peticion/verbos/cancelar.ts'
import { concluir } from '../../../src/workflow/peticion/verbos/concluir.ts'
import { devolver } from '../../../src/workflow/peticion/verbos/devolver.ts'
import { orientar } from '../../../src/workflow/peticion/verbos/orientar.ts'
import { procesar } from '../../../src/workflow/peticion/verbos/procesar.ts'
import { reabrir } from '../../../src/workflow/peticion/verbos/reabrir.ts'
import { responder } from '../../../src/workflow/peticion/verbos/responder.ts'
import { rechazar, validar } from '../../../src/workflow/peticion/verbos/validar.ts'
import {
  AHORA,
  type Ayuntamiento,
  adjunto,
  ayuntamiento,
  BACHE,
  en,
  peticionDe,
  registrarDe,
  vecina,
} from '../ayuntamiento.ts'
import { ctx, llevada } from '../camino.ts'
import { RESUELTO } from '../hacer.ts'

const DIA = 24 * 3_600_000

async function falta(trying: Promise<unknown>): Promise<Falta> {
  const error = await trying.then(
    () => undefined,
    (reason) => reason,
  )
  if (error instanceof DatoInvalido) return error.falta
  throw error ?? new Error('it was allowed')
}

const ultimo = ({ database }: Ayuntamiento, id: number) =>
  sqlOne<Pick<Movimiento, 'verbo' | 'nota' | 'notaPublica' | 'datos' | 'usuarioId'>>(
    database.fork(),
    `select verbo, nota, nota_publica as "notaPublica", datos, usuario_id as "usuarioId" from movimiento
      where peticion_id = $1 order by id desc limit 1`,
    [id],
  )

describe('procesar', () => {
  it('needs the signed formato of this very petition', async () => {
    const town = await ayuntamiento()
    const { database, usuarios } = town
    const id = await llevada(town, 'RECIBIDO')
    const otra = await registrarDe(town, await vecina(database.fork()))
    const ajeno = await adjunto(database.fork(), otra.peticionId, 'formato')
    const foto = await adjunto(database.fork(), id, 'evidencia')
    for (const formato of ['', 'no es un id', ajeno, foto]) {
      expect(await falta(en(town, (em) => procesar(em, id, usuarios.enlaceObras, { formato }, ctx)))).toBe('formato')
    }
    const formato = await adjunto(database.fork(), id, 'formato')
    const { movimientoId } = await en(town, (em) => procesar(em, id, usuarios.enlaceObras, { formato }, ctx))
    expect(await sqlOne(database.fork(), 'select movimiento_id as m from attachment where id = $1', [formato])).toEqual(
      { m: movimientoId },
    )
  })
})

describe('concluir', () => {
  it('keeps what the enlace answered, and in the history who did', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'CONCLUIDO')
    expect(await peticionDe(town.database, id)).toMatchObject({
      estado: 'CONCLUIDO',
      resuelto: true,
      accionEjecutada: 'Se bacheó con asfalto',
      observacion: RESUELTO.observacion,
      concluidaAt: AHORA,
    })
    expect(await ultimo(town, id)).toMatchObject({
      verbo: 'concluir',
      nota: RESUELTO.observacion,
      notaPublica: null,
      usuarioId: town.usuarios.enlaceObras.id,
      datos: { dependencia: 'OP', resuelto: true, accion: 'Se bacheó con asfalto' },
    })
  })

  it.each<[Falta, object]>([
    ['accion', { accion: 'Se hizo lo que se pudo' }],
    ['observacion', { observacion: '  ' }],
    ['explicacion', { resuelto: false }],
    ['explicacion', { resuelto: false, explicacion: ' \0 ' }],
  ])('asks for its %s: %o', async (what, change) => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'PROCESO')
    const { enlaceObras } = town.usuarios
    expect(await falta(en(town, (em) => concluir(em, id, enlaceObras, { ...RESUELTO, ...change }, ctx)))).toBe(what)
    expect((await peticionDe(town.database, id)).estado).toBe('PROCESO')
  })

  it('is open to the UAC for a dependencia that answered by oficio, which it attaches', async () => {
    const town = await ayuntamiento()
    const { database, usuarios } = town
    const id = await llevada(town, 'CANALIZADO')
    const { validador } = usuarios
    expect(await falta(en(town, (em) => concluir(em, id, validador, RESUELTO, ctx)))).toBe('oficio')
    const oficio = await adjunto(database.fork(), id, 'oficio')
    await en(town, (em) => concluir(em, id, validador, { ...RESUELTO, oficio }, ctx))
    expect(await ultimo(town, id)).toMatchObject({ datos: { adjunto: oficio }, usuarioId: validador.id })
  })

  it('by two enlaces at once is done by one, and the other is told that it changed', async () => {
    const town = await ayuntamiento()
    const { enlaceObras, otroEnlaceObras } = town.usuarios
    const id = await llevada(town, 'PROCESO')
    const { version } = await peticionDe(town.database, id)
    const results = await Promise.allSettled(
      [enlaceObras, otroEnlaceObras].map((quien) =>
        en(town, (em) => concluir(em, id, quien, { ...RESUELTO, version }, ctx)),
      ),
    )
    expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = results.find((one) => one.status === 'rejected')
    expect(lost?.reason).toBeInstanceOf(Conflicto)
    expect(lost?.reason).toMatchObject({ estado: 'CONCLUIDO' })
    const [row] = await sql<{ n: number }>(
      town.database.fork(),
      `select count(*) as n from movimiento where peticion_id = $1 and verbo = 'concluir'`,
      [id],
    )
    expect(row?.n).toBe(1)
  })
})

describe('what the UAC does not accept', () => {
  it('goes back to work without its answer, which the history keeps', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'CONCLUIDO')
    const { validador } = town.usuarios
    expect(await falta(en(town, (em) => rechazar(em, id, validador, { motivo: '' }, ctx)))).toBe('motivo')
    await en(town, (em) => rechazar(em, id, validador, { motivo: 'Sigue el hoyo' }, ctx))
    expect(await peticionDe(town.database, id)).toMatchObject({
      estado: 'PROCESO',
      resuelto: null,
      accionEjecutada: null,
      concluidaAt: null,
    })
    expect(await ultimo(town, id)).toMatchObject({ nota: 'Sigue el hoyo', notaPublica: null })
  })
})

describe('reabrir', () => {
  it('is open for the days the municipality gives, and no longer', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'VALIDADO')
    const reabrirTras = (dias: number) =>
      en(town, (em) =>
        reabrir(
          em,
          id,
          { tipo: 'ciudadano' },
          { motivo: 'Se volvió a abrir' },
          { ...ctx, ahora: new Date(AHORA.getTime() + dias * DIA) },
        ),
      )
    expect(await falta(reabrirTras(15.1))).toBe('ventana')
    await reabrirTras(14.9)
    expect(await peticionDe(town.database, id)).toMatchObject({ estado: 'PROCESO', validadaAt: null, resuelto: null })
  })
})

describe('devolver', () => {
  it('leaves the petition to nobody, in the tray of the UAC', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'RECIBIDO')
    await en(town, (em) => devolver(em, id, town.usuarios.enlaceObras, { motivo: 'Es de COMAPA' }, ctx))
    expect(await peticionDe(town.database, id)).toMatchObject({
      estado: 'REGISTRADO',
      dependenciaId: null,
      enlaceId: null,
    })
    expect(await ultimo(town, id)).toMatchObject({ nota: 'Es de COMAPA', datos: { desde: 'OP', dependencia: null } })
    await en(town, (em) => canalizar(em, id, town.usuarios.validador, { dependencia: 'TV' }, ctx))
    expect(await peticionDe(town.database, id)).toMatchObject({ estado: 'CANALIZADO', dependenciaId: 'TV' })
  })
})

describe('recanalizar', () => {
  it('sends it elsewhere with a reason, and not to where it is', async () => {
    const town = await ayuntamiento()
    const { validador, enlaceObras, enlaceTransito } = town.usuarios
    const id = await llevada(town, 'PROCESO')
    const a = (dependencia: string, enlace?: number) =>
      en(town, (em) => recanalizar(em, id, validador, { dependencia, enlace, motivo: 'Es vialidad' }, ctx))
    expect(await falta(a('OP', enlaceObras.id))).toBe('dependencia')
    expect(await falta(a('NADIE'))).toBe('dependencia')
    expect(await falta(a('EXT_CFE'))).toBe('dependencia')
    expect(await falta(a('TV', enlaceObras.id))).toBe('enlace')
    await a('TV')
    expect(await peticionDe(town.database, id)).toMatchObject({
      estado: 'CANALIZADO',
      dependenciaId: 'TV',
      enlaceId: enlaceTransito.id,
    })
    expect(await ultimo(town, id)).toMatchObject({ nota: 'Es vialidad', datos: { desde: 'OP', dependencia: 'TV' } })
  })
})

describe('orientar and cancelar', () => {
  it('tell the citizen why', async () => {
    const town = await ayuntamiento()
    const { validador } = town.usuarios
    const id = await llevada(town, 'REGISTRADO')
    expect(await falta(en(town, (em) => orientar(em, id, validador, { texto: ' ' }, ctx)))).toBe('texto')
    await en(town, (em) => orientar(em, id, validador, { texto: 'Llame a la CFE: 071' }, ctx))
    expect(await ultimo(town, id)).toMatchObject({ notaPublica: 'Llame a la CFE: 071' })
    const otra = await llevada(town, 'REGISTRADO')
    await en(town, (em) =>
      cancelar(em, otra, validador, { motivo: 'Fui a ver', explicacion: 'No existe la calle' }, ctx),
    )
    expect(await ultimo(town, otra)).toMatchObject({ notaPublica: 'No existe la calle', nota: 'Fui a ver' })
  })

  it('point a duplicate to the petition it repeats, which is no duplicate itself', async () => {
    const town = await ayuntamiento()
    const { validador } = town.usuarios
    const quien = await vecina(town.database.fork())
    const [una, dos, tres] = [
      await registrarDe(town, quien),
      await registrarDe(town, quien),
      await registrarDe(town, quien),
    ]
    const duplicado = (id: number, duplicadoDe: string) =>
      en(town, (em) =>
        cancelar(em, id, validador, { motivo: 'Ya estaba', explicacion: 'Es la misma', duplicadoDe }, ctx),
      )
    expect(await falta(duplicado(dos.peticionId, dos.folio))).toBe('duplicado')
    expect(await falta(duplicado(dos.peticionId, 'UAC-26-999999-9'))).toBe('duplicado')
    await duplicado(dos.peticionId, una.folio)
    expect((await peticionDe(town.database, dos.peticionId)).duplicadoDe).toBe(una.peticionId)
    expect(await falta(duplicado(tres.peticionId, dos.folio))).toBe('duplicado')
  })
})

describe('responder', () => {
  const mensajesDe = (em: EntityManager, conversationId: number) =>
    sql<{ text: string; status: string; usuario: number; seq: number }>(
      em,
      `select body->>'text' as text, status, usuario_id as usuario, seq from message where conversation_id = $1 order by seq`,
      [conversationId],
    )

  it('puts a message into the conversation, named after who answers', async () => {
    const town = await ayuntamiento()
    const { enlaceObras } = town.usuarios
    const quien = await vecina(town.database.fork())
    const id = await llevada(town, 'RECIBIDO', BACHE, quien)
    const { version } = await peticionDe(town.database, id)
    const done = await en(town, (em) =>
      responder(em, id, enlaceObras, { texto: 'Mañana va la cuadrilla' }, { ...town.outbox, ahora: AHORA }),
    )
    const [mensaje] = await mensajesDe(town.database.fork(), quien.conversationId)
    expect(mensaje).toMatchObject({ status: 'pending', usuario: enlaceObras.id, seq: 1 })
    expect(mensaje?.text).toMatch(/Obras Públicas[\s\S]*Mañana va la cuadrilla/)
    expect(done).toMatchObject({ conversationId: quien.conversationId, mensajes: [expect.any(Number)], version })
    expect(await ultimo(town, id)).toMatchObject({
      notaPublica: 'Mañana va la cuadrilla',
      datos: { mensajes: done.mensajes },
    })
  })

  it('is read on the page of the petition when there is no address to send it to', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'CANALIZADO', {
      ...BACHE,
      categoria: 'RUIDO',
      respuestas: {},
      anonima: true,
      datos: {},
    })
    const done = await en(town, (em) =>
      responder(em, id, town.usuarios.validador, { texto: 'Ya fuimos' }, { ...town.outbox, ahora: AHORA }),
    )
    expect(done).toMatchObject({ mensajes: [], conversationId: null })
    expect(await ultimo(town, id)).toMatchObject({ notaPublica: 'Ya fuimos' })
  })
})

describe('validar', () => {
  it('closes what the UAC compared with the facts', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'CONCLUIDO')
    await en(town, (em) => validar(em, id, town.usuarios.validador, { nota: 'Fui a ver' }, ctx))
    expect(await peticionDe(town.database, id)).toMatchObject({ estado: 'VALIDADO', validadaAt: AHORA })
    expect(await ultimo(town, id)).toMatchObject({ nota: 'Fui a ver' })
  })
})

describe('a verb with an old version', () => {
  it('changes nothing, though the table would let it', async () => {
    const town = await ayuntamiento()
    const id = await llevada(town, 'CANALIZADO')
    const { validador } = town.usuarios
    const trying = en(town, (em) => cancelar(em, id, validador, { motivo: 'x', explicacion: 'x', version: 1 }, ctx))
    await expect(trying).rejects.toThrow(Conflicto)
    expect((await peticionDe(town.database, id)).estado).toBe('CANALIZADO')
  })
})
