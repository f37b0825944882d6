import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AvisadorDeps, createAvisador } from '../../../src/admin/avisos/avisador.ts'
import { despuesDelSilencio, resumenesDe } from '../../../src/admin/avisos/cuando.ts'
import { createMailer } from '../../../src/runtime/mail.ts'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { decoded, header, startMailServer, type TestMailServer } from '../../smtp.ts'
import { silent } from '../../workflow/ayuntamiento.ts'
import { type Navegador, SECRET_KEY, startPanel, type TestPanel } from '../panel.ts'
import { llegada } from '../peticiones.ts'

let panel: TestPanel
let mail: TestMailServer
let obras: Navegador
let deps: AvisadorDeps
beforeAll(async () => {
  panel = await startPanel()
  mail = await startMailServer()
  obras = await panel.logIn(['enlace'], 'OP')
  const correo = createMailer(mail.url, 'Atención Ciudadana <uac@altamira.example>')
  afterAll(async () => {
    correo.close()
    await mail.close()
  })
  const { settings, database } = panel
  const common = { database, municipio: settings.municipio, logo: undefined, secretKey: SECRET_KEY, log: silent }
  deps = {
    ...common,
    publicUrl: 'https://uac.example',
    channels: [],
    correo,
    now: () => new Date('2026-11-20T16:00:00Z'),
  }
})
beforeEach(async () => {
  mail.received.length = 0
  await sql(em(), 'delete from aviso_personal')
  await sql(em(), 'delete from correo')
})

const em = () => panel.database.fork()
/** At that hour of Altamira, on Friday 20 November 2026. */
const aLas = (hora: string, more: Partial<AvisadorDeps> = {}) =>
  createAvisador({ ...deps, now: () => new Date(`2026-11-20T${hora}:00-06:00`), ...more })()
const elige = (browser: Navegador, correo: string, more: Record<string, string> = {}) =>
  browser.post('/admin/cuenta/avisos', { correo, resumen: 'ambos', silencio_de: '', silencio_a: '', ...more })
const correos = () =>
  sql<{ clase: string; status: string; error: string | null }>(
    em(),
    'select clase, status, error from correo order by id',
  )
const vencer = (table: string) =>
  sql(em(), `update ${table} set due_at = now() - interval '1 minute', claimed_until = null`)

describe('an e-mail to the staff', () => {
  it('tells at once whoever chose so, with folio and link and nothing of the citizen, and once', async () => {
    await elige(obras, 'al_momento')
    const { folio } = await llegada(panel)
    await aLas('10:00')
    await aLas('10:01')
    const [one] = mail.received
    expect(mail.received).toHaveLength(1)
    const body = decoded(one?.raw ?? '')
    expect(one?.to).toBe(obras.email)
    expect(body).toContain(`https://uac.example/admin/peticiones/${folio}`)
    for (const personal of ['Persona Única', '833', 'enfrente de mi casa', 'Ébano'])
      expect(body).not.toContain(personal)
    expect(header(one?.raw ?? '', 'Auto-Submitted')).toBe('auto-generated')
    expect(body).toMatch(/Content-Type: text\/html/)
    expect(await correos()).toEqual([{ clase: 'aviso', status: 'sent', error: null }])
  })

  it('waits for the digest what is not urgent, gathers it, and leaves out what was read meanwhile', async () => {
    await elige(obras, 'urgentes')
    const [una, leida, otra] = [await llegada(panel), await llegada(panel), await llegada(panel)]
    await aLas('07:30')
    expect(mail.received).toHaveLength(0)
    await obras.get(`/admin/peticiones/${leida.folio}`)
    await aLas('13:05')
    await aLas('13:10')
    expect(mail.received).toHaveLength(1)
    const body = decoded(mail.received[0]?.raw ?? '')
    for (const { folio } of [una, otra]) expect(body).toContain(folio)
    expect(body).not.toContain(leida.folio)
  })

  it('says nothing to whoever wants none, or of what left their reach before it went', async () => {
    await elige(obras, 'ninguno')
    await llegada(panel)
    await aLas('13:05')
    await elige(obras, 'resumen')
    const { peticionId } = await llegada(panel)
    await aLas('12:00')
    await sql(em(), "update peticion set dependencia_id = 'COMAPA' where id = $1", [peticionId])
    await aLas('13:30')
    expect(mail.received).toHaveLength(0)
    expect((await correos()).map(({ status }) => status)).toEqual(['skipped'])
  })

  it('waits for the end of the hours in which one is not disturbed', async () => {
    await elige(obras, 'al_momento', { silencio_de: '09:00', silencio_a: '11:30' })
    await llegada(panel)
    await aLas('10:00')
    const row = await sqlOne<{ dueAt: Date }>(em(), 'select due_at as "dueAt" from correo')
    expect(row?.dueAt.toISOString()).toBe('2026-11-20T17:30:00.000Z')
    const half = await elige(obras, 'al_momento', { silencio_de: '09:00' })
    expect([half.statusCode, half.body.includes('Escriba las dos horas')]).toEqual([422, true])
    // What was chosen is still there to be corrected.
    expect(half.body).toMatch(/value="al_momento" checked/)
    expect(half.body).toContain('value="09:00"')
    const odd = { correo: 'resumen', silencio_de: ['09:00', '10:00'], silencio_a: '' }
    expect((await obras.post('/admin/cuenta/avisos', odd)).statusCode).toBe(422)
  })

  it('is tried again when the server is away, which the panel says, and goes then', async () => {
    await elige(obras, 'al_momento')
    await llegada(panel)
    mail.away = true
    await aLas('10:00')
    expect(await correos()).toMatchObject([{ status: 'pending', error: expect.stringContaining('451') }])
    const admin = await panel.logIn(['administrador'])
    await sql(em(), 'update correo set attempts = 3')
    mail.away = false
    await vencer('correo')
    await aLas('10:05')
    expect(mail.received).toHaveLength(1)
    expect((await admin.get('/admin/pendientes')).statusCode).toBe(200)
  })

  it('that the server took without saying so goes again under the same Message-ID', async () => {
    await elige(obras, 'al_momento')
    await llegada(panel)
    mail.silent = true
    await aLas('10:00')
    await vencer('correo')
    await aLas('10:05')
    const ids = mail.received.map(({ raw }) => header(raw, 'Message-ID'))
    expect(ids).toHaveLength(2)
    expect(ids[0]).toMatch(/^<canaliza-aviso-\d+@altamira\.example>$/)
    expect(ids[1]).toBe(ids[0])
  })

  it('that a process held when it died goes again once its claim ended, and not before', async () => {
    await elige(obras, 'al_momento')
    await llegada(panel)
    await aLas('10:00', { correo: undefined })
    await sql(em(), "update correo set status = 'sending', claimed_until = now() + interval '1 minute'")
    await aLas('10:01')
    expect(mail.received).toHaveLength(0)
    await sql(em(), "update correo set claimed_until = now() - interval '1 second'")
    await aLas('10:03')
    expect(mail.received).toHaveLength(1)
  })

  it('to an address that is refused is given up, shown to them and in Pendientes, and tried again from there', async () => {
    mail.unknown.add(obras.email)
    await obras.post('/admin/cuenta/avisos/prueba')
    await sql(em(), 'update correo set due_at = now()')
    await aLas('10:00')
    expect(await correos()).toMatchObject([{ clase: 'prueba', status: 'failed' }])
    expect((await obras.get('/admin/cuenta/avisos')).body).toContain('rechazó su dirección')
    mail.unknown.clear()
    const admin = await panel.logIn(['administrador'])
    const row = await sqlOne<{ id: number }>(em(), 'select id from correo')
    expect((await admin.post(`/admin/pendientes/correos/${row?.id}/reintentar`)).statusCode).toBe(303)
    await aLas('10:05')
    expect(mail.received).toHaveLength(1)
    expect((await obras.get('/admin/cuenta/avisos')).body).not.toContain('rechazó su dirección')
  })

  it('is not sent without a server, which the page of one’s own account says', async () => {
    expect((await obras.get('/admin/cuenta/avisos')).body).toContain('todavía no está configurado el correo')
  })
})

describe('the monthly report', () => {
  const enElDia = (dia: string) => createAvisador({ ...deps, now: () => new Date(`${dia}T10:00:00-06:00`) })()

  it('goes to whoever asked for it on the first working day, once, as the PDF of their own reach', async () => {
    const titular = await panel.logIn(['titular'], 'OP')
    const otro = await panel.logIn(['titular'], 'COMAPA')
    await elige(titular, 'ninguno', { informe: 'si' })
    await elige(otro, 'ninguno')
    await elige(obras, 'ninguno', { informe: 'si' })
    // Sunday 1 November 2026, and the holiday is on Monday 16.
    await enElDia('2026-11-01')
    expect(mail.received).toHaveLength(0)
    await enElDia('2026-11-02')
    await enElDia('2026-11-03')
    expect(mail.received.map(({ to }) => to)).toEqual([titular.email])
    const raw = mail.received[0]?.raw ?? ''
    expect(decoded(raw)).toContain('octubre de 2026')
    expect(raw).toContain('filename=informe-2026-10.pdf')
    expect(raw).toContain(Buffer.from('%PDF-1.').toString('base64').slice(0, 8))
    await enElDia('2026-10-01')
    expect(mail.received).toHaveLength(2)
  })
})

it('knows the hours of silence over midnight, and which digest is due', () => {
  const zone = 'America/Mexico_City'
  const at = (hora: string) => new Date(`2026-11-20T${hora}:00-06:00`)
  const noche = { de: '20:00', a: '07:00' }
  expect(despuesDelSilencio(at('21:00'), noche, zone)).toEqual(new Date('2026-11-21T07:00:00-06:00'))
  expect(despuesDelSilencio(at('06:59'), noche, zone)).toEqual(at('07:00'))
  expect(despuesDelSilencio(at('07:00'), noche, zone)).toEqual(at('07:00'))
  const horas = { manana: '08:00', mediodia: '13:00' }
  expect(resumenesDe(at('07:59'), horas, zone)).toEqual([])
  expect(resumenesDe(at('09:00'), horas, zone)).toEqual([{ cual: 'manana', clave: '2026-11-20-manana' }])
  expect(resumenesDe(at('18:00'), horas, zone)).toEqual([])
})
