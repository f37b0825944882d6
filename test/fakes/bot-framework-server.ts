import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSigningKey, type SigningKey, signToken } from './bot-framework/signed-token.ts'

/** A bot as Azure knows it. */
export interface FakeBot {
  appId: string
  password: string
}

/** An activity that we were told to bring to a person. */
export interface PostedActivity {
  conversation: string
  /** As it was sent. */
  activity: Record<string, unknown>
  authorization: string | undefined
}

/**
 * What the connector does with a call: an answer that is an error (no effect), `drop` (it takes effect, then the connection is closed
 * without an answer), `hang` (it takes effect, no answer comes).
 */
export type Misbehaviour = { status: number; code?: string; headers?: Record<string, string> } | 'drop' | 'hang'

/** Azure Bot Service over real HTTP: its key server, its login service, and a channel's connector with its files. */
export interface FakeBotFramework {
  /** Of the server. */
  url: string
  /** For `BOTFRAMEWORK_OPENID_URL` and `BOTFRAMEWORK_LOGIN_URL`. */
  openIdUrl: string
  loginUrl: string
  /** As activities name it. */
  serviceUrl: string
  /** Signs activities of any channel. */
  key: SigningKey
  /** What was posted, in order; also what was refused. */
  posted: PostedActivity[]
  /** Times that a token was asked for. */
  tokensAsked(): number
  /** The next calls of the connector, or of the login service, go wrong so. */
  misbehave(...ways: Misbehaviour[]): void
  refuseLogins(...statuses: number[]): void
  /** Tokens given out so far do not hold any more. */
  revokeTokens(): void
  /** The key server answers so until it is undefined. */
  failKeys(status: number | undefined): void
  publish(key: SigningKey): void
  /** The address of a file of a citizen's: at the service, where only the bot may fetch it. */
  keepFile(bytes: Uint8Array, mime: string): string
  /** The same of a file that has moved. */
  moveFile(to: string): string
  /** A header for an activity; `claims` go over the usual ones. */
  authorization(bot: Pick<FakeBot, 'appId'>, claims?: object, key?: SigningKey, header?: object): string
  close(): Promise<void>
}

/** Listens on a free port of 127.0.0.1. */
export async function createBotFrameworkServer(bots: FakeBot[]): Promise<FakeBotFramework> {
  const key = usualKey()
  const state = createState(bots, [key])
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  state.url = url
  const serviceUrl = `${url}/amer/`
  const keep = (kept: KeptFile) => {
    const id = randomUUID()
    state.files.set(id, kept)
    return `${serviceUrl}v3/attachments/${id}/views/original`
  }
  return {
    url,
    openIdUrl: `${url}/v1/.well-known/openidconfiguration`,
    loginUrl: url,
    serviceUrl,
    key,
    posted: state.posted,
    tokensAsked: () => state.asked,
    misbehave: (...ways) => void state.ways.push(...ways),
    refuseLogins: (...statuses) => void state.logins.push(...statuses),
    revokeTokens: () => state.tokens.clear(),
    failKeys(status) {
      state.keysFail = status
    },
    publish: (more) => void state.keys.push(more),
    keepFile: (bytes, mime) => keep({ status: 200, headers: { 'content-type': mime }, bytes }),
    moveFile: (to) => keep({ status: 302, headers: { location: to } }),
    authorization({ appId }, claims = {}, signer = key, header = {}) {
      const now = Math.floor(Date.now() / 1000)
      const usual = {
        iss: 'https://api.botframework.com',
        aud: appId,
        serviceurl: serviceUrl,
        nbf: now,
        exp: now + 3600,
      }
      return `Bearer ${signToken(signer, { ...usual, ...claims }, header)}`
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Making one takes longer than all else. */
let made: SigningKey | undefined
const usualKey = (): SigningKey => {
  made ??= createSigningKey('clave-1')
  return made
}

interface KeptFile {
  status: number
  headers: Record<string, string>
  bytes?: Uint8Array
}

interface State {
  url: string
  bots: FakeBot[]
  keys: SigningKey[]
  posted: PostedActivity[]
  tokens: Set<string>
  files: Map<string, KeptFile>
  ways: Misbehaviour[]
  logins: number[]
  keysFail: number | undefined
  asked: number
}

const createState = (bots: FakeBot[], keys: SigningKey[]): State => ({
  ...{ url: '', bots, keys, posted: [], tokens: new Set(), files: new Map() },
  ...{ ways: [], logins: [], keysFail: undefined, asked: 0 },
})

type Handler = (state: State, request: IncomingMessage, response: ServerResponse, parts: string[]) => unknown

const ROUTES: [RegExp, Handler][] = [
  [/^GET \/v1\/\.well-known\/openidconfiguration$/, configuration],
  [/^GET \/v1\/\.well-known\/keys$/, keys],
  [/^POST \/([^/]+)\/oauth2\/v2\.0\/token$/, login],
  [/^POST \/amer\/v3\/conversations\/([^/]+)\/activities$/, post],
  [/^GET \/amer\/v3\/attachments\/([^/]+)\/views\/original$/, file],
]

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const wanted = `${request.method} ${(request.url ?? '').split('?')[0]}`
  for (const [pattern, handler] of ROUTES) {
    const found = pattern.exec(wanted)
    if (found) return void (await handler(state, request, response, found.slice(1)))
  }
  json(response, 404, problem('NotFound'))
}

const problem = (code: string) => ({ error: { code, message: `${code} happened` } })

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function configuration(state: State, _request: IncomingMessage, response: ServerResponse): void {
  json(response, state.keysFail ?? 200, {
    issuer: 'https://api.botframework.com',
    jwks_uri: `${state.url}/v1/.well-known/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
  })
}

function keys(state: State, _request: IncomingMessage, response: ServerResponse): void {
  json(response, 200, { keys: state.keys.map(({ jwk }) => jwk) })
}

async function login(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  state.asked++
  const form = new URLSearchParams(await textOf(request))
  const refusal = state.logins.shift()
  const known = state.bots.some(
    ({ appId, password }) => form.get('client_id') === appId && form.get('client_secret') === password,
  )
  const asked =
    form.get('grant_type') === 'client_credentials' && form.get('scope') === 'https://api.botframework.com/.default'
  if (refusal) return json(response, refusal, { error: 'temporarily_unavailable' })
  if (!known || !asked) return json(response, 401, { error: 'invalid_client', error_description: 'AADSTS7000215' })
  const token = `token-${randomUUID()}`
  state.tokens.add(`Bearer ${token}`)
  json(response, 200, { token_type: 'Bearer', expires_in: 86_399, access_token: token })
}

/** Without credentials nobody has any: that is the Emulator. */
const isKnown = ({ bots, tokens }: State, { headers }: IncomingMessage) =>
  bots.length === 0 || tokens.has(headers.authorization ?? '')

async function post(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  [id = '']: string[],
): Promise<void> {
  const activity = JSON.parse(await textOf(request))
  state.posted.push({ conversation: decodeURIComponent(id), activity, authorization: request.headers.authorization })
  const way = state.ways.shift()
  if (way === 'drop') return void request.socket.destroy()
  if (way === 'hang') return
  if (way) return json(response, way.status, way.code ? problem(way.code) : {}, way.headers)
  if (!isKnown(state, request)) return json(response, 401, problem('Unauthorized'))
  json(response, 201, { id: `enviado-${state.posted.length}` })
}

function file(state: State, request: IncomingMessage, response: ServerResponse, [id = '']: string[]): void {
  const found = state.files.get(id)
  if (!isKnown(state, request)) json(response, 401, problem('Unauthorized'))
  else if (!found) json(response, 404, problem('AttachmentNotFound'))
  else response.writeHead(found.status, found.headers).end(found.bytes)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
