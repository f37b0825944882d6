import { describe, expect, it } from 'vitest'
import { canalesSchema, configuredRate, replacementsOf } from '../../src/channels/canales.ts'
import { StartupProblem } from '../../src/runtime/problem.ts'
import { parseYaml } from '../../src/runtime/yaml-config.ts'

const secret = ['$', '{BOT_2}'].join('')
const read = (text: string) => parseYaml(text, 'canales.yaml', canalesSchema, { env: { BOT_2: '2:abc' } })

function problems(text: string): string[] {
  try {
    read(text)
  } catch (error) {
    if (error instanceof StartupProblem) return error.message.split('\n')
    throw error
  }
  return []
}

describe('config/canales.yaml', () => {
  it('may be as good as empty', () => {
    expect(read('{}')).toMatchObject({ 'web-chat': { origenes: [] }, telegram: [], whatsapp: [], rates: {} })
  })

  it('adds an account with its secret from the environment', () => {
    expect(read(`telegram:\n  - account: dos\n    token: ${secret}\n`).telegram).toEqual([
      { account: 'dos', token: '2:abc', mode: 'polling' },
    ])
  })

  it.each([
    [
      'the name default',
      'telegram:\n  - {account: default, token: a}\n',
      'canales.yaml:2:15 telegram.0.account: expected another name: the account "default" is made of the environment variables.',
    ],
    [
      'a name used twice',
      'messenger:\n  - {account: a, page_id: "1", page_token: x}\n  - {account: a, page_id: "2", page_token: x}\n',
      'canales.yaml:3:15 messenger.1.account: expected a name that no account above has.',
    ],
    [
      'an account without its token',
      'telegram:\n  - account: dos\n',
      'canales.yaml:2:5 telegram.0.token: missing; expected text.',
    ],
    [
      'a channel that does not exist',
      'telegrama: []\n',
      'canales.yaml:1:1 telegrama: unknown key (did you mean "telegram"?).',
    ],
    [
      'a site with a path',
      'web-chat:\n  origenes: [https://a.mx/x]\n',
      'canales.yaml:2:14 web-chat.origenes.0: expected a site such as https://www.altamira.gob.mx, without a path or a slash at the end.',
    ],
  ])('refuses %s', (_what, text, expected) => {
    expect(problems(text)).toEqual([expected])
  })

  it('gives an account its own rate, else that of its channel, else none', () => {
    const canales = read('rates: {telegram: 20}\ntelegram:\n  - {account: lento, token: a, rate: 1}\n')
    expect(configuredRate(canales, 'telegram', 'lento')).toBe(1)
    expect(configuredRate(canales, 'telegram', 'default')).toBe(20)
    expect(configuredRate(canales, 'whatsapp', 'default')).toBeUndefined()
    expect(configuredRate(canales, 'web-chat', 'default')).toBeUndefined()
  })

  it('has accounts take over others that are gone, and refuses to start while one of those is still there', () => {
    const canales = read('telegram:\n  - {account: nueva, token: a, replaces: vieja}\n')
    const taken = [{ channel: 'telegram', from: 'vieja', to: 'nueva' }]
    expect(replacementsOf(canales, (_channel, account) => account === 'nueva')).toEqual(taken)
    expect(() => replacementsOf(canales, () => true)).toThrow(
      'the account nueva of telegram replaces vieja, which is still configured. Take one of the two out.',
    )
  })
})
