import { describe, expect, it } from 'vitest'
import { createSavePublic } from '../../../src/workflow/redes/guardar.ts'
import { answering } from '../../channels/meta/graph-api.ts'
import { sucesosDe } from '../../workflow/redes/redes-fixture.ts'
import { ID, startRedes } from './redes.ts'

const { panel, agente, comentan, hacer } = await startRedes()

describe('the tray', () => {
  it('shows what waits, what is done and everything, with their counts and by account', async () => {
    const first = await comentan()
    await comentan('instagram/comment')
    await hacer(first, 'atender')
    const shown = async (query: string) => {
      const { body } = await agente.get(`/admin/redes?${query}`)
      return [/fuga de agua/.test(body), /bache de la Miramar/.test(body)]
    }
    expect(await shown('ver=sin_atender')).toEqual([false, true])
    expect(await shown('ver=atendidos')).toEqual([true, false])
    expect(await shown('ver=todos')).toEqual([true, true])
    expect(await shown('ver=todos&cuenta=instagram/default')).toEqual([false, true])
    expect((await agente.get('/admin/redes')).body).toMatch(/Todos <span class="cuenta">2</)
  })

  it('does not show what our own page says, nor a removal of what is not known', async () => {
    await comentan('page/comment-own')
    await comentan('page/comment-removed')
    const { body } = await agente.get('/admin/redes?ver=todos')
    expect(body).toContain('Todavía no ha llegado ningún comentario')
  })

  it('goes on where the page before ended', async () => {
    const [event] = sucesosDe('page/comment')
    if (!event) throw new Error('no event')
    const many = Array.from({ length: 30 }, (_, at) => ({
      ...event,
      externalId: `c${at}:add`,
      post: {
        ...event.post,
        id: `c${at}`,
        text: `Comentario número ${at}.`,
        publishedAt: new Date(Date.now() - at * 1000),
      },
    }))
    await createSavePublic(panel.database, () => undefined)(many)
    const one = (await agente.get('/admin/redes')).body
    const next = /despues=(\d+_\d+)/.exec(one)?.[1]
    const two = (await agente.get(`/admin/redes?despues=${next}`)).body
    expect([one, two].map((body) => [...body.matchAll(/número (\d+)\./g)].length)).toEqual([25, 5])
    expect(one).toContain('número 0.')
    expect(two).toContain('número 29.')
  })

  it('tells the load of the day: what came, what was answered, how soon and by whom', async () => {
    const id = await comentan('page/comment', new Date(Date.now() - 12 * 60_000))
    answering(`${ID}/comments`, 200, { id: '122104_9100' })
    await hacer(id, 'responder', { texto: 'Lo revisamos' })
    const { body } = await agente.get('/admin/redes?ver=todos')
    expect(body.replace(/\s+/g, ' ')).toMatch(/Contestados hoy<\/dt><dd>1<.*<dd>12 minutos<.*Persona \d+ \(1\)/)
  })

  it('escapes what people write and who they say they are', async () => {
    const [event] = sucesosDe('page/comment')
    if (!event) throw new Error('no event')
    const post = { ...event.post, text: '<script>alert(1)</script>', authorName: '<b>Yo</b>' }
    await createSavePublic(panel.database, () => undefined)([{ ...event, post }])
    const { body } = await agente.get('/admin/redes?ver=todos')
    expect(body).not.toContain('<script>alert')
    expect(body).not.toContain('<b>Yo')
  })

  it('gives 404 for a comment that is not there, and for one of our own page', async () => {
    const own = await comentan('page/comment-own')
    expect([
      (await agente.get('/admin/redes/999999')).statusCode,
      (await agente.get(`/admin/redes/${own}`)).statusCode,
    ]).toEqual([404, 404])
    expect((await hacer(999_999, 'atender')).statusCode).toBe(404)
  })
})
