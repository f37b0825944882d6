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
