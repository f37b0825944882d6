import { expect, vi } from 'vitest'
import type { ActivitySet } from '../../../src/channels/web-chat/show.ts'

/** What the server answers when it grants a conversation. */
export interface Grant {
  conversationId: string
  token: string
  expires_in: number
  resumeToken: string
  streamUrl: string
}

/** An HTTP answer with its body read as JSON. */
export interface Answer<Body> {
  status: number
  headers: Headers
  body: Body
}

/** One call of Direct Line, as any client makes it. */
export async function call<Body>(url: string, init: RequestInit & { token?: string } = {}): Promise<Answer<Body>> {
  const { token, ...rest } = init
  const headers = new Headers(rest.headers)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (typeof rest.body === 'string' && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const response = await fetch(url, { ...rest, headers })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

/** Opens a conversation: a token, then the conversation itself. */
export async function start(domain: string, headers: Record<string, string> = {}): Promise<Grant> {
  const token = await call<Grant>(`${domain}/tokens/generate`, { method: 'POST', headers })
  const grant = await call<Grant>(`${domain}/conversations`, { method: 'POST', headers, token: token.body.token })
  return grant.body
}

/** Posts an activity. */
export function post(domain: string, grant: Grant, activity: unknown, headers: Record<string, string> = {}) {
  const body = typeof activity === 'string' ? activity : JSON.stringify(activity)
  return call<{ id: string; error?: { code: string; message: string }; status?: number }>(
    `${domain}/conversations/${grant.conversationId}/activities`,
    { method: 'POST', token: grant.token, body, headers },
  )
}

/** What lies after a watermark. */
export async function read(domain: string, grant: Grant, watermark = ''): Promise<ActivitySet> {
  const url = `${domain}/conversations/${grant.conversationId}/activities?watermark=${watermark}`
  return (await call<ActivitySet>(url, { token: grant.token })).body
}

/** A plain message with a name of its client's own. */
export const said = (text: string, clientActivityID?: string) => ({
  type: 'message',
  from: { id: 'citizen' },
  text,
  ...(clientActivityID && { channelData: { clientActivityID } }),
})

/** Waits for a condition on a machine that may be busy, and gives what it found. */
export const until = <Found>(condition: () => Found | Promise<Found>) =>
  vi.waitUntil(condition, { timeout: 15_000, interval: 20 })

/** An error that satisfies both RFC 9457 and Direct Line. */
export function expectProblem({ status, headers, body }: Answer<unknown>, expected: number, code: string): void {
  expect({ status, body }).toMatchObject({ status: expected, body: { status: expected, error: { code } } })
  expect(body).toMatchObject({
    type: 'about:blank',
    title: expect.any(String),
    detail: expect.any(String),
    error: { message: expect.any(String) },
  })
  expect(headers.get('content-type')).toContain('application/problem+json')
}
