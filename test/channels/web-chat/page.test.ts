import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { type RunningChat, runWebChat } from './running-chat.ts'

let database: TestDatabase
let chat: RunningChat

beforeAll(async () => {
  database = await createTestDatabase()
  chat = await runWebChat(database, { origins: ['https://www.altamira.example'] })
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

test('the page says whose it is, and runs nothing that is not ours', async () => {
  const answer = await fetch(chat.base)
  const html = await answer.text()
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(html).toContain('Unidad de Atención Ciudadana')
  expect(html).toContain('Altamira &amp; &lt;Tampico&gt;')
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toContain('unsafe')
  expect(policy).toContain("frame-ancestors 'self' https://www.altamira.example")
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style=/)
})

test('the widget loads on any site, and is asked for again only when it changed', async () => {
  const answer = await fetch(`${chat.base}/widget.js`, { headers: { origin: 'https://any.example' } })
  const script = await answer.text()
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'content-encoding': 'gzip',
    vary: 'Accept-Encoding',
  })
  const plain = await fetch(`${chat.base}/widget.js`, { headers: { 'accept-encoding': 'identity' } })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.text()).toBe(script)
  const etag = answer.headers.get('etag') ?? ''
  expect((await fetch(`${chat.base}/widget.js`, { headers: { 'if-none-match': etag } })).status).toBe(304)
})

test.each([
  ['/widget/chat.css', 200, 'text/css'],
  ['/widget/icon.svg', 200, 'image/svg+xml'],
  ['/widget/types.d.ts', 404, 'application/problem+json'],
  ['/widget/main.js', 404, 'application/problem+json'],
  ['/widget/..%2fchat.eta', 404, 'application/problem+json'],
  ['/chat.eta', 404, 'application/problem+json'],
])('%s is answered %i', async (path, status, type) => {
  const answer = await fetch(chat.base + path)
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain(type)
})
