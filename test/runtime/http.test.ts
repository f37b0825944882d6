import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpServer } from '../../src/runtime/http.ts'
import { silent } from '../workflow/way-fixture.ts'

async function server(add: (app: FastifyInstance) => void = () => undefined, goodbye?: number) {
  const app = await createHttpServer({ log: silent, trustProxy: true, ...(goodbye !== undefined && { goodbye }) })
  add(app)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  return { app, port: Number(new URL(url).port) }
}

async function sending(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.on('error', () => undefined).write(text)
  return socket
}

describe('the server, when it stops', () => {
  it('does not wait for whoever began a request and never ends it', async () => {
    const { app, port } = await server((one) => one.post('/', async () => 'done'), 100)
    const body = await sending(
      port,
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\nhalf',
    )
    const head = await sending(port, 'GET / HTTP/1.1\r\nhos')
    const ended = [once(body, 'close'), once(head, 'close')]
    await app.close()
    await Promise.all(ended)
  })

  it('lets a request that is under way end', async () => {
    const { promise: working, resolve: work } = Promise.withResolvers<void>()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const { app, port } = await server((one) => {
      one.get('/', async () => {
        work()
        await gate
        return 'done'
      })
    })
    const answer = fetch(`http://127.0.0.1:${port}/`)
    await working
    const closed = app.close()
    open()
    expect(await (await answer).text()).toBe('done')
    await closed
  })
})

describe('behind a proxy', () => {
  const whoAsks = async (remoteAddress: string, forwarded: string) => {
    const app = await createHttpServer({ log: silent, trustProxy: true })
    app.get('/', async (request) => request.ip)
    const headers = { 'x-forwarded-for': forwarded }
    return (await app.inject({ url: '/', remoteAddress, headers })).body
  }

  it('the client is whom the proxy names, and never whom the client says', async () => {
    expect(await whoAsks('10.0.0.5', '203.0.113.9')).toBe('203.0.113.9')
    expect(await whoAsks('127.0.0.1', '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9')
    expect(await whoAsks('::ffff:172.17.0.1', '198.51.100.1, 192.168.1.20')).toBe('192.168.1.20')
  })

  it('whoever comes past the proxy is whom the connection shows', async () => {
    expect(await whoAsks('203.0.113.66', '198.51.100.1')).toBe('203.0.113.66')
  })
})

describe('every answer', () => {
  it('of a malformed address is a problem of RFC 9457', async () => {
    const { port } = await server()
    const answer = await fetch(`http://127.0.0.1:${port}/%E0%A4%A`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ type: 'about:blank', title: 'Bad request', status: 400 })
  })

  it.each([
    ['headers that are too large', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['what is no HTTP', 'hola\r\n\r\n', 400],
  ])('to %s is one too', async (_what, text, status) => {
    const { port } = await server()
    const socket = await sending(port, text)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    expect(answer).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json[\\s\\S]*"status":${status}`),
    )
  })

  it('forbids browsers to guess types, and behind TLS to come without it', async () => {
    const app = await createHttpServer({ log: silent, trustProxy: true })
    app.get('/', async () => 'x')
    expect((await app.inject('/')).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000',
    })
    const plain = await createHttpServer({ log: silent, trustProxy: false })
    expect((await plain.inject('/')).headers).not.toHaveProperty('strict-transport-security')
  })
})
