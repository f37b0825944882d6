import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { QUEJA } from '../../workflow/ayuntamiento.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo, fila, llegada, PDF } from '../peticiones.ts'

let panel: TestPanel
let enlace: Navegador
let validador: Navegador
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
  validador = await panel.logIn(['validador'], 'UAC')
})

const CONCLUSION = {
  resuelto: 'si',
  accion: 'Se realizó el bacheo',
  observacion: 'Se tapó con asfalto',
  explicacion: '',
}
const url = (folio: string, verbo = '') => `/admin/peticiones/${folio}${verbo && `/${verbo}`}`
const estado = async (folio: string) => (await fila(panel, folio))?.estado
const version = async (folio: string) => String((await fila(panel, folio))?.version)

async function adjuntar(folio: string, archivo = PDF, browser = enlace) {
  const form = conArchivo({ _csrf: browser.csrf, version: await version(folio) }, archivo)
  return browser.post(url(folio, 'procesar'), {}, form)
}

async function accionDe(folio: string): Promise<string> {
  const row = await sqlOne<{ accion: string }>(
    panel.database.fork(),
    'select c.acciones[1] as accion from peticion p join categoria c on c.id = p.categoria where p.folio = $1',
    [folio],
  )
  return row?.accion ?? ''
}

async function enProceso(): Promise<string> {
  const { folio } = await llegada(panel)
  await enlace.post(url(folio, 'recibir'), { version: await version(folio) })
  await adjuntar(folio)
  return folio
}

async function concluida(): Promise<string> {
  const folio = await enProceso()
  const fields = { ...CONCLUSION, accion: await accionDe(folio), _csrf: enlace.csrf, version: await version(folio) }
  await enlace.post(url(folio, 'concluir'), {}, conArchivo(fields))
  return folio
}

describe('the road of a petition through the panel', () => {
  it('goes from the tray to VALIDADO', async () => {
    const { folio } = await llegada(panel)
    expect((await enlace.get('/admin?estado=CANALIZADO')).body).toContain(folio)

    const opened = (await enlace.get(url(folio))).body
    expect(opened).toContain('data-al-ver')
    expect(await estado(folio)).toBe('CANALIZADO')
    await enlace.post(url(folio, 'recibir'), { version: await version(folio) })
    expect(await estado(folio)).toBe('RECIBIDO')

    const formato = await enlace.get(url(folio, 'formato.pdf'))
    expect(formato.headers['content-type']).toBe('application/pdf')
    expect(formato.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')

    expect((await adjuntar(folio)).statusCode).toBe(303)
    expect(await estado(folio)).toBe('PROCESO')

    const fields = { ...CONCLUSION, accion: await accionDe(folio), _csrf: enlace.csrf, version: await version(folio) }
    await enlace.post(url(folio, 'concluir'), {}, conArchivo(fields, PDF))
    expect(await estado(folio)).toBe('CONCLUIDO')
    expect((await validador.get('/admin')).body).toContain(folio)

    await validador.post(url(folio, 'validar'), { version: await version(folio) })
    expect(await estado(folio)).toBe('VALIDADO')
    const page = (await enlace.get(url(folio))).body
    for (const words of ['Recibida', 'En proceso, con el formato firmado', 'Concluida', 'Validada']) {
      expect(page).toContain(words)
    }
    const done = await sql<{ action: string }>(
      panel.database.fork(),
      "select action from audit where object_type = 'peticion' and object_id = $1 and action <> 'peticion.ver' order by id",
      [folio],
    )
    expect(done.map((row) => row.action)).toEqual(
      ['recibir', 'formato', 'procesar', 'concluir', 'validar'].map((verbo) => `peticion.${verbo}`),
    )
  })

  it('goes back to the enlace with the reason when the UAC does not accept', async () => {
    const folio = await concluida()
    await validador.post(url(folio, 'rechazar'), { version: await version(folio), motivo: 'El bache sigue ahí' })
    expect(await estado(folio)).toBe('PROCESO')
    expect((await enlace.get(url(folio))).body).toContain('El bache sigue ahí')
  })

  it('goes by the UAC to another dependencia, back from one it is not of, or to nobody of the town', async () => {
    const { folio } = await llegada(panel)
    await enlace.post(url(folio, 'devolver'), { version: await version(folio), motivo: 'Es carretera federal' })
    expect(await estado(folio)).toBe('REGISTRADO')
    expect((await enlace.get(url(folio))).statusCode).toBe(404)
    await validador.post(url(folio, 'canalizar'), { version: await version(folio), dependencia: 'SSP' })
    expect((await enlace.get(url(folio))).statusCode).toBe(404)
    const moved = { version: await version(folio), dependencia: 'OP', motivo: 'Sí es de Obras' }
    await validador.post(url(folio, 'recanalizar'), moved)
    expect((await enlace.get(url(folio))).statusCode).toBe(200)
    await validador.post(url(folio, 'orientar'), { version: await version(folio), texto: 'Acuda a la SICT' })
    expect(await estado(folio)).toBe('ORIENTADA')
  })

  it('is cancelled as the repetition of another, whose folio may be typed in any way', async () => {
    const original = await llegada(panel)
    const { folio } = await llegada(panel)
    const fields = { version: await version(folio), motivo: 'Es la misma', explicacion: 'Ya tenemos su otro reporte' }
    const wrong = await validador.post(url(folio, 'cancelar'), { ...fields, duplicadoDe: folio })
    expect([wrong.statusCode, wrong.body.includes('No hay una petición con ese folio')]).toEqual([422, true])
    await validador.post(url(folio, 'cancelar'), {
      ...fields,
      duplicadoDe: original.folio.replaceAll('-', ' ').toLowerCase(),
    })
    expect((await validador.get(url(folio))).body).toContain(`/admin/peticiones/${original.folio}`)
  })

  it('concludes by the UAC only with the oficio of the dependencia', async () => {
    const { folio } = await llegada(panel)
    const fields = {
      ...CONCLUSION,
      accion: await accionDe(folio),
      _csrf: validador.csrf,
      version: await version(folio),
    }
    const without = await validador.post(url(folio, 'concluir'), {}, conArchivo(fields))
    expect([without.statusCode, without.body.includes('Adjunte el oficio')]).toEqual([422, true])
    expect(without.body).toContain('Se tapó con asfalto')
    await validador.post(url(folio, 'concluir'), {}, conArchivo(fields, PDF))
    expect(await estado(folio)).toBe('CONCLUIDO')
    const uso = await sql(
      panel.database.fork(),
      "select 1 from attachment where uso = 'oficio' and movimiento_id is not null",
    )
    expect(uso).toHaveLength(1)
  })
})

describe('a form', () => {
  it('that says it was not solved must explain it to the citizen, and keeps what was typed', async () => {
    const folio = await enProceso()
    const fields = {
      ...CONCLUSION,
      resuelto: 'no',
      accion: await accionDe(folio),
      _csrf: enlace.csrf,
      version: await version(folio),
    }
    const answer = await enlace.post(url(folio, 'concluir'), {}, conArchivo(fields))
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('Explique a la persona por qué no se resolvió')
    expect(answer.body).toContain('Se tapó con asfalto')
    expect(answer.body).toMatch(/value="no" required checked/)
    expect(await estado(folio)).toBe('PROCESO')
  })

  it('that is older than the petition is told so, and overwrites nothing', async () => {
    const { folio } = await llegada(panel)
    const seen = await version(folio)
    await enlace.post(url(folio, 'recibir'), { version: seen })
    const late = await enlace.post(url(folio, 'devolver'), { version: seen, motivo: 'No es de nosotros, de veras' })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('La petición cambió mientras usted escribía')
    expect(late.body).toContain('No es de nosotros, de veras')
    expect(await estado(folio)).toBe('RECIBIDO')
  })

  it('for what can no longer be done shows what was typed', async () => {
    const folio = await concluida()
    const late = await enlace.post(url(folio, 'devolver'), {
      version: await version(folio),
      motivo: 'Un motivo que costó escribir',
    })
    expect([late.statusCode, late.body.includes('Un motivo que costó escribir')]).toEqual([409, true])
  })

  it('with something wrong in it is a bad request, never a failure', async () => {
    const { folio } = await llegada(panel)
    const now = await version(folio)
    const wrong: [Record<string, string>, number][] = [
      [{}, 422],
      [{ version: 'x' }, 422],
      [{ version: '-1' }, 422],
      [{ version: now, motivo: ' ' }, 422],
      [{ version: now, motivo: 'x'.repeat(2001) }, 422],
      [{ version: now, motivo: 'a\0b' }, 400],
    ]
    for (const [fields, status] of wrong) {
      expect((await enlace.post(url(folio, 'devolver'), fields)).statusCode).toBe(status)
    }
    expect((await enlace.get('/admin/peticiones/%00')).statusCode).toBe(400)
    const broken = { payload: 'no soy un formulario', headers: { 'content-type': 'multipart/form-data; boundary=x' } }
    expect((await enlace.post(url(folio, 'procesar'), {}, broken)).statusCode).toBeLessThan(500)
    expect(await estado(folio)).toBe('CANALIZADO')
  })
})

describe('a signed formato', () => {
  it.each([
    [
      'a program',
      { name: 'formato.pdf', bytes: Buffer.from('MZ\x90\x00 this is no PDF at all, whatever its name') },
      'Se aceptan PDF, JPG y PNG',
    ],
    [
      'a page',
      { name: 'formato.pdf', bytes: Buffer.from('<html><script>alert(1)</script>') },
      'Se aceptan PDF, JPG y PNG',
    ],
    [
      'half a picture',
      { name: 'f.png', bytes: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
      'no se puede leer',
    ],
    ['nothing', { name: '', bytes: Buffer.alloc(0) }, 'Adjunte el formato firmado'],
    [
      'too much',
      { name: 'f.pdf', bytes: Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(20 * 1024 * 1024)]) },
      'pesa más de 20 MB',
    ],
  ])('is refused when it is %s', async (_what, archivo, words) => {
    const { folio } = await llegada(panel)
    await enlace.post(url(folio, 'recibir'), { version: await version(folio) })
    const answer = await adjuntar(folio, archivo)
    expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true])
    expect(await estado(folio)).toBe('RECIBIDO')
  })

  it('that is a photograph is kept without EXIF, with a thumbnail, and read by who may read the petition', async () => {
    const photo = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#888' } })
      .withExif({ IFD3: { GPSLatitude: '22/1 23/1 0/1', GPSLatitudeRef: 'N' } })
      .jpeg()
      .toBuffer()
    const { folio } = await llegada(panel)
    await enlace.post(url(folio, 'recibir'), { version: await version(folio) })
    await adjuntar(folio, { name: 'formato.jpg', bytes: photo })
    const row = await sqlOne<{ id: string }>(
      panel.database.fork(),
      "select a.id from attachment a join peticion p on p.id = a.peticion_id where p.folio = $1 and a.uso = 'formato'",
      [folio],
    )
    const file = await enlace.get(`/admin/adjuntos/${row?.id}`)
    expect(file.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' })
    expect(file.headers['content-disposition']).toMatch(/^inline; filename="formato.jpg"/)
    expect((await sharp(file.rawPayload).metadata()).exif).toBeUndefined()
    expect((await enlace.get(`/admin/adjuntos/${row?.id}/miniatura`)).headers['content-type']).toBe('image/webp')
    const again = await enlace.get(`/admin/adjuntos/${row?.id}`, {
      headers: { 'if-none-match': String(file.headers.etag) },
    })
    expect(again.statusCode).toBe(304)
    const stranger = await panel.logIn(['enlace'], 'COMAPA')
    expect((await stranger.get(`/admin/adjuntos/${row?.id}`)).statusCode).toBe(404)
  })

  it('that is a PDF is only saved, never shown', async () => {
    const folio = await enProceso()
    const row = await sqlOne<{ id: string }>(
      panel.database.fork(),
      'select a.id from attachment a join peticion p on p.id = a.peticion_id where p.folio = $1',
      [folio],
    )
    const file = await enlace.get(`/admin/adjuntos/${row?.id}`)
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="formato firmado.pdf"/)
    expect(file.headers['content-security-policy']).toBe("default-src 'none'; sandbox")
  })
})

describe('a reply', () => {
  it('goes into the conversation of the person, is sent, and its state is shown', async () => {
    const { folio, conversationId } = await llegada(panel)
    const answer = await enlace.post(url(folio, 'responder'), { texto: 'Vamos el martes <b>temprano</b>' })
    expect(answer.headers.location).toBe(`/admin/peticiones/${folio}?hecho=responder#conversacion`)
    expect(panel.woken.sends).toContain(conversationId)
    const hilo = (await enlace.get(url(folio, 'hilo'))).body
    expect(hilo).toContain('Vamos el martes &lt;b&gt;temprano&lt;/b&gt;')
    expect(hilo).toContain('por enviar')
    await sql(panel.database.fork(), "update message set status = 'delivered' where conversation_id = $1", [
      conversationId,
    ])
    expect((await enlace.get(url(folio, 'hilo'))).body).toContain('entregado')
  })

  it('of nothing is not sent', async () => {
    const { folio } = await llegada(panel)
    expect((await enlace.post(url(folio, 'responder'), { texto: '   ' })).statusCode).toBe(422)
  })
})

describe('a reservada petition', () => {
  it('is nowhere to be seen for whom it accuses, nor for the rest of the house', async () => {
    const own = await panel.logIn(['enlace'], 'CONTRALORIA')
    const { folio } = await llegada(panel, QUEJA)
    const others = [
      enlace,
      await panel.logIn(['enlace'], 'TV'),
      await panel.logIn(['titular'], 'EBGSP'),
      await panel.logIn(['administrador']),
      await panel.logIn(['capturista'], 'UAC'),
    ]
    for (const other of others) {
      expect((await other.get(url(folio))).statusCode).toBe(404)
      expect((await other.get(`/admin?q=${folio}`)).body).not.toContain('Me pidieron dinero')
    }
    expect((await validador.get(url(folio))).statusCode).toBe(200)
    expect((await own.get(url(folio))).statusCode).toBe(200)
  })
})

it('who opened which petition is recorded', async () => {
  const { folio } = await llegada(panel)
  await enlace.get(url(folio))
  const seen = await sqlOne(
    panel.database.fork(),
    "select 1 from audit where action = 'peticion.ver' and object_id = $1 and usuario_id = $2",
    [folio, enlace.usuarioId],
  )
  expect(seen).toBeDefined()
})
