import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { type Navegador, startPanel, type TestPanel } from '../panel.ts'
import { conArchivo, fila, llegada, PDF } from '../peticiones.ts'

let panel: TestPanel
let enlace: Navegador
let validador: Navegador
let foto: { name: string; bytes: Buffer }
beforeAll(async () => {
  panel = await startPanel()
  enlace = await panel.logIn(['enlace'], 'OP')
  validador = await panel.logIn(['validador'], 'UAC')
  const image = sharp({ create: { width: 40, height: 30, channels: 3, background: '#777' } })
  foto = { name: 'despues.jpg', bytes: await image.jpeg().toBuffer() }
})

const url = (folio: string, verbo: string) => `/admin/peticiones/${folio}/${verbo}`
const version = async (folio: string) => String((await fila(panel, folio))?.version)

async function concluir(folio: string): Promise<void> {
  const row = await sqlOne<{ accion: string }>(
    panel.database.fork(),
    'select c.acciones[1] as accion from peticion p join categoria c on c.id = p.categoria where p.folio = $1',
    [folio],
  )
  const fields = { resuelto: 'si', accion: row?.accion ?? '', observacion: `Se hizo ${folio}`, explicacion: '' }
  const form = { ...fields, _csrf: enlace.csrf, version: await version(folio) }
  const answer = await enlace.post(url(folio, 'concluir'), {}, conArchivo(form, foto))
  expect(answer.statusCode).toBe(303)
}

async function concluida(): Promise<string> {
  const { folio, peticionId } = await llegada(panel)
  await sql(
    panel.database.fork(),
    `insert into attachment (id, peticion_id, kind, status, mime, storage_key, thumb_key)
     values (gen_random_uuid(), $1, 'image', 'stored', 'image/png', 'x', 'x')`,
    [peticionId],
  )
  await enlace.post(url(folio, 'recibir'), { version: await version(folio) })
  const scan = conArchivo({ _csrf: enlace.csrf, version: await version(folio) }, PDF)
  await enlace.post(url(folio, 'procesar'), {}, scan)
  await concluir(folio)
  return folio
}

const tarjeta = (page: string, folio: string) => {
  const from = page.indexOf(`aria-labelledby="t-${folio}"`)
  return from < 0 ? '' : page.slice(from, page.indexOf('</article>', from))
}
const fotosDe = (part: string, label: string) => {
  const from = part.slice(part.indexOf(`aria-label="${label}"`))
  return from.slice(0, from.indexOf('</div>')).match(/<img/g)?.length ?? 0
}

describe('the queue of validation', () => {
  it('shows the answer with its photo beside the citizen’s, and what the citizen said since', async () => {
    const folio = await concluida()
    await sql(
      panel.database.fork(),
      `insert into movimiento (peticion_id, at, verbo, actor, nota)
       select id, now(), 'comentar', 'ciudadano', 'Quedó a medias' from peticion where folio = $1`,
      [folio],
    )
    const part = tarjeta((await validador.get('/admin/validacion')).body, folio)
    expect([fotosDe(part, 'Antes'), fotosDe(part, 'Después')]).toEqual([1, 1])
    expect(part).toContain(`Se hizo ${folio}`)
    expect(part).toContain('Quedó a medias')
    const detail = (await validador.get(`/admin/peticiones/${folio}`)).body
    expect([fotosDe(detail, 'Antes'), fotosDe(detail, 'Después')]).toEqual([1, 1])
  })

  it('is gone through without leaving it, accepting one and sending back another with its reason', async () => {
    const [good, bad] = [await concluida(), await concluida()]
    const back = { volver: 'validacion' }
    const accepted = await validador.post(url(good, 'validar'), { ...back, version: await version(good) })
    expect(accepted.headers.location).toBe('/admin/validacion?hecho=validar')
    const motivo = 'La foto es de otra calle'
    await validador.post(url(bad, 'rechazar'), { ...back, version: await version(bad), motivo })
    const page = (await validador.get('/admin/validacion?hecho=rechazar')).body
    expect([tarjeta(page, good), tarjeta(page, bad)]).toEqual(['', ''])
    expect([(await fila(panel, good))?.estado, (await fila(panel, bad))?.estado]).toEqual(['VALIDADO', 'PROCESO'])
    await concluir(bad)
    // The picture of the answer that did not stand is not compared again.
    const again = tarjeta((await validador.get('/admin/validacion')).body, bad)
    expect(fotosDe(again, 'Después')).toBe(1)
  })

  it('takes several photos at once, and none of them when one cannot be read', async () => {
    const folio = await concluida()
    const motivo = 'Falta otra foto'
    await validador.post(url(folio, 'rechazar'), { version: await version(folio), motivo })
    const fields = { resuelto: 'si', accion: '', observacion: 'Dos fotos', _csrf: enlace.csrf }
    const two = (bytes: Buffer) => {
      const one = conArchivo({ ...fields }, foto)
        .payload.toString('latin1')
        .split('--linea-que-separa--')[0]
      const part = conArchivo({}, { name: 'b.jpg', bytes }).payload.toString('latin1')
      return { ...conArchivo({}), payload: Buffer.from(`${one}${part}`, 'latin1') }
    }
    const row = await sqlOne<{ accion: string }>(
      panel.database.fork(),
      'select c.acciones[1] as accion from peticion p join categoria c on c.id = p.categoria where p.folio = $1',
      [folio],
    )
    Object.assign(fields, { accion: row?.accion, version: await version(folio) })
    const broken = await enlace.post(
      url(folio, 'concluir'),
      {},
      two(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
    )
    expect([broken.statusCode, broken.body.includes('no se puede leer')]).toEqual([422, true])
    expect((await enlace.post(url(folio, 'concluir'), {}, two(foto.bytes))).statusCode).toBe(303)
    expect(fotosDe((await enlace.get(`/admin/peticiones/${folio}`)).body, 'Después')).toBe(2)
  })
})
