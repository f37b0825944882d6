import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readEnvironment } from '../../src/runtime/env.ts'
import { EXIT, StartupProblem } from '../../src/runtime/problem.ts'
import { variables } from '../../src/runtime/variables.ts'

const NO_FILE = '/nonexistent/.env'
const read = (source: NodeJS.ProcessEnv) => readEnvironment(source, NO_FILE)

function problemOf(source: NodeJS.ProcessEnv): StartupProblem {
  try {
    read(source)
  } catch (error) {
    if (error instanceof StartupProblem) return error
    throw error
  }
  throw new Error('it was accepted')
}

async function envFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-env-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, '.env'), text)
  return join(folder, '.env')
}

describe('without any variable', () => {
  test('everything has its default', () => {
    expect(read({})).toEqual({
      PORT: 3000,
      HOST: '127.0.0.1',
      ADMIN_TOTP: 'required',
      PUBLIC_URL: 'http://localhost:3000',
      DATA_DIR: resolve('var'),
      ROLES: ['web', 'worker', 'whatsapp'],
      LOG_LEVEL: 'info',
      TELEGRAM_API_ROOT: 'https://api.telegram.org',
      TELEGRAM_MODE: 'polling',
      META_GRAPH_URL: 'https://graph.facebook.com',
      META_GRAPH_VERSION: 'v26.0',
      WHATSAPP_ENABLED: false,
      BOTFRAMEWORK_EMULATOR: false,
      BOTFRAMEWORK_OPENID_URL: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
      BOTFRAMEWORK_LOGIN_URL: 'https://login.microsoftonline.com',
      warnings: [],
      source: {},
    })
  })
})

describe('good values', () => {
  test.each<[string, string, unknown]>([
    ['PORT', '0', 0],
    ['HOST', '0.0.0.0', '0.0.0.0'],
    ['HOST', '::1', '::1'],
    ['PUBLIC_URL', 'https://atencion.example.gob.mx/', 'https://atencion.example.gob.mx'],
    ['DATABASE_URL', 'postgresql://u:p@db/canaliza', 'postgresql://u:p@db/canaliza'],
    ['REDIS_URL', 'rediss://:secret@cache:6380/1', 'rediss://:secret@cache:6380/1'],
    ['DATA_DIR', '/srv/canaliza', '/srv/canaliza'],
    ['ROLES', 'worker, web,worker', ['worker', 'web']],
    ['SEND_RATE', '0.5', 0.5],
    ['SEND_RATE', '0', 0],
    ['TELEGRAM_BOT_TOKEN', '123456:AAE_x-9', '123456:AAE_x-9'],
    ['WHATSAPP_ENABLED', 'true', true],
    ['WHATSAPP_ENABLED', '0', false],
    ['WHATSAPP_WS_URL', 'ws://127.0.0.1:9000/ws', 'ws://127.0.0.1:9000/ws'],
    ['WHATSAPP_PAIRING_PHONE', '+5218331234567', '+5218331234567'],
  ])('%s=%s is taken', (name, value, expected) => {
    expect(read({ [name]: value })).toHaveProperty(name, expected)
  })

  test('an empty or blank variable counts as absent', () => {
    expect(read({ PORT: '', DATABASE_URL: '  ' })).toMatchObject({ PORT: 3000, source: {} })
  })
})

describe('wrong values stop the start and are named', () => {
  test.each([
    ['PORT', '80a', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['HOST', 'http://localhost', 'a host name or an address to listen on'],
    ['PUBLIC_URL', 'atencion.example.gob.mx', 'a URL that begins with http:// or https://'],
    ['ROLES', 'web,wrker', 'one or more of web, worker, whatsapp, separated by commas'],
    ['ROLES', ',', 'one or more of web, worker, whatsapp, separated by commas'],
    ['ADMIN_EMAIL', 'admin', 'an e-mail address'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['SEND_RATE', '-3', 'messages per second, from 0 (no limit) to 10000'],
    ['TELEGRAM_API_ROOT', 'ftp://x', 'a URL that begins with http:// or https://'],
    ['TELEGRAM_MODE', 'push', 'one of polling, webhook'],
    ['META_GRAPH_VERSION', '26', 'a version like v26.0'],
    ['MESSENGER_PAGE_ID', '12 34', 'an identifier without spaces'],
    ['WHATSAPP_ENABLED', 'maybe', 'true or false'],
    ['WHATSAPP_WS_URL', 'https://x', 'a URL that begins with ws:// or wss://'],
    ['WHATSAPP_PAIRING_PHONE', '833-123', 'a phone number with country code, digits only'],
  ])('%s=%s', (name, value, expected) => {
    const problem = problemOf({ [name]: value })
    expect(problem.exitCode).toBe(EXIT.config)
    expect(problem.message).toContain(`${name} is ${JSON.stringify(value)}, but must be ${expected}.`)
  })

  test.each([
    ['DATABASE_URL', 'mysql://user:hunter2@db/canaliza'],
    ['REDIS_URL', 'http://:hunter2@cache'],
    ['SECRET_KEY', 'hunter2'],
    ['STORAGE_URL', 'ftp://key:hunter2@host/bucket'],
    ['ADMIN_PASSWORD', 'hunter2'],
    ['TELEGRAM_BOT_TOKEN', '123:hunter2 '.repeat(2)],
    ['TELEGRAM_WEBHOOK_SECRET', 'hunter2!'],
    ['META_APP_SECRET', 'hunter2 hunter2'],
    ['META_VERIFY_TOKEN', 'hunter2 hunter2'],
    ['MESSENGER_PAGE_TOKEN', 'hunter2 hunter2'],
    ['WHATSAPP_CLOUD_TOKEN', 'hunter2 hunter2'],
    ['BOTFRAMEWORK_APP_PASSWORD', 'hunter2 hunter2'],
  ])('%s, without showing the secret', (name, value) => {
    const { message } = problemOf({ [name]: value, ADMIN_EMAIL: 'admin@altamira.test' })
    expect(message).toContain(`${name} is set (its ${value.trim().length} characters are not shown), but must be`)
    expect(message).not.toContain('hunter2')
  })

  test('all at once, one line each', () => {
    const { message } = problemOf({ PORT: 'x', LOG_LEVEL: 'x', ROLES: 'a,b', ADMIN_PASSWORD: 'correct horse battery' })
    const lines = message.split('\n').slice(1)
    expect(lines.map((line) => line.slice(4).split(' ')[0])).toEqual(['PORT', 'ROLES', 'LOG_LEVEL', 'ADMIN_PASSWORD'])
  })

  test('a token that BotFather cannot have given, unless the server is another one', () => {
    expect(problemOf({ TELEGRAM_BOT_TOKEN: 'bot-token' }).message).toContain('TELEGRAM_BOT_TOKEN is not as BotFather')
    const fake = { TELEGRAM_BOT_TOKEN: 'bot-token', TELEGRAM_API_ROOT: 'http://127.0.0.1:9000' }
    expect(read(fake).TELEGRAM_BOT_TOKEN).toBe('bot-token')
  })

  test('production on a server of its own without a secret key', () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://u:p@db/canaliza' }
    expect(problemOf(production).message).toContain('SECRET_KEY must be set in production')
    expect(read({ ...production, SECRET_KEY: 'k'.repeat(32) }).SECRET_KEY).toHaveLength(32)
    expect(read({ NODE_ENV: 'production' }).SECRET_KEY).toBeUndefined()
  })
})

describe('warnings', () => {
  test.each([
    [{ TELEGRAM_BOT_TOKE: '1:a' }, 'did you mean TELEGRAM_BOT_TOKEN?'],
    [{ DATABSE_URL: 'postgres://db/x' }, 'did you mean DATABASE_URL?'],
    [{ ROLE: 'web' }, 'did you mean ROLES?'],
    [{ TELEGRAM_MODE: 'webhook' }, 'PUBLIC_URL is not set'],
    [{ ROLES: 'web' }, 'ROLES leaves parts out'],
    [{ DATABASE_URL: 'postgres://u:p@db/x' }, 'SECRET_KEY is not set'],
    [{ MESSENGER_PAGE_ID: '1', META_APP_SECRET: 'x' }, 'MESSENGER_PAGE_TOKEN, META_VERIFY_TOKEN is not'],
    [{ BOTFRAMEWORK_APP_ID: '1' }, 'BOTFRAMEWORK_APP_PASSWORD is not'],
  ])('%o', (source, expected) => {
    expect(read(source).warnings).toEqual([expect.stringContaining(expected)])
  })

  test('none for the variables of the system, and for numbered accounts of config/canales.yaml', () => {
    const source = { HOME: '/root', HOSTNAME: 'x', PATH: '/bin', TELEGRAM_BOT_TOKEN_2: '1:b', TELEGRAM_OBRAS: '1:c' }
    expect(read(source).warnings).toEqual([])
  })
})

describe('the file .env', () => {
  test('is read, and the environment wins over it', async () => {
    const path = await envFile('PORT=4000\nLOG_LEVEL="debug" # loud\nTOKEN_OF_OBRAS=1:c\n')
    const environment = readEnvironment({ PORT: '5000', LOG_LEVEL: '' }, path)
    expect(environment).toMatchObject({ PORT: 5000, LOG_LEVEL: 'debug' })
    expect(environment.source).toEqual({ PORT: '5000', LOG_LEVEL: 'debug', TOKEN_OF_OBRAS: '1:c' })
  })

  test('is named when a value in it is wrong', async () => {
    const path = await envFile('PORT=many')
    expect(() => readEnvironment({}, path)).toThrow(path)
  })

  test('that cannot be read stops the start', () => {
    expect(() => readEnvironment({}, tmpdir())).toThrow(/cannot be read/)
  })

  test('.env.example names exactly the variables that are read', async () => {
    const example = await readFile('.env.example', 'utf8')
    const named = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(named.toSorted()).toEqual(Object.keys(variables.shape).toSorted())
  })

  test('.env.example shows the defaults that are in force', async () => {
    const example = (await readFile('.env.example', 'utf8')).replaceAll(/^# (?=[A-Z_]+=)/gm, '')
    const withDefaults = Object.entries(variables.parse({})).filter(([, value]) => value !== undefined)
    const path = await envFile(example)
    const { source } = readEnvironment({}, path)
    expect(withDefaults.map(([name, value]) => [name, String(value)])).toEqual(
      withDefaults.map(([name]) => [name, source[name]]),
    )
  })
})
