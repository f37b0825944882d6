import nock from 'nock'
import { TOKEN } from './context.ts'

/** A call that Meta was asked for, and what it answered. */
export interface Call {
  path: string
  body: unknown
  headers: Record<string, string>
}

export const ROOT = 'https://graph.facebook.com'

/** No test speaks to the real one; what was not awaited fails. */
export function forbidTheNetwork(): void {
  nock.disableNetConnect()
  nock.enableNetConnect('127.0.0.1')
}

export function allowTheNetwork(): void {
  nock.cleanAll()
  nock.enableNetConnect()
}

/** The Graph API answers the next POST of `path` so; `calls` has what it was asked. Without the token it is not asked at all. */
export function answering(
  path: string,
  status = 200,
  answer: object = {},
  headers: Record<string, string> = {},
  root = ROOT,
) {
  const calls: Call[] = []
  nock(root, { reqheaders: { authorization: /^Bearer / } })
    .post(`/v26.0/${path}`)
    .reply(async (request: Request) => {
      calls.push({ path: new URL(request.url).pathname, body: await bodyOf(request), headers: headersOf(request) })
      return [status, answer, headers]
    })
  return calls
}

/** An error as the Graph API tells it. */
export const graphError = (code: number, more: object = {}) => ({
  error: { message: `(#${code}) Something`, type: 'OAuthException', code, fbtrace_id: 'Avs8o4VvHNJ', ...more },
})

const headersOf = (request: Request) => Object.fromEntries(request.headers)

/** JSON as it is; of a form its fields, of a file its name and type. */
async function bodyOf(request: Request): Promise<unknown> {
  if (!request.headers.get('content-type')?.startsWith('multipart/')) return request.json()
  const fields = [...(await request.formData())].map(([name, value]) => [
    name,
    typeof value === 'string' ? value : `${value.name} ${value.type}`,
  ])
  return Object.fromEntries(fields)
}

export const BEARER = `Bearer ${TOKEN}`
