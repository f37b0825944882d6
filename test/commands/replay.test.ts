import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { writeExported } from '../../src/commands/replay/file.ts'
import { sideBySide } from '../../src/commands/replay/side-by-side.ts'
import { CONFIG_FOLDER } from '../../src/settings.ts'
import { storedConversations } from '../../src/workflow/replay/stored-conversations.ts'
import { ayuntamiento } from '../workflow/ayuntamiento.ts'
import { converse, PUBLIC_URL, settings } from '../workflow/replay/held.ts'

const execute = promisify(execFile)

/** A conversation to a folio that names its person, telephone, street and number; and one that registers nothing. */
async function exported(folder: string): Promise<string> {
  const town = await ayuntamiento()
  await converse(town, 'uno', [
    'soy Hermenegildo Zavala, hay un bache enorme en la calle Insurgentes 3057 colonia miramar, mi cel 833 765 4321',
    'acepto',
    'si',
    { choice: 'resumen/registrar' },
  ])
  await converse(town, 'dos', ['hola', 'acepto', 'gracias Hermenegildo'])
  const file = join(folder, 'conversaciones.json')
  const stored = storedConversations(town.database.fork(), { mensajes: settings.mensajes })
  expect(await writeExported(file, stored, settings, PUBLIC_URL)).toEqual({ written: 2, left: 0 })
  return file
}

async function replayed(file: string, config: string, ...more: string[]) {
  const args = ['src/commands/replay.ts', '--from', file, '--config', config, ...more]
  return execute(process.execPath, args, { env: { ...process.env, PUBLIC_URL } }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  )
}

test('conversations are exported without who held them, and held again with another configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-replay-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = await exported(folder)
  const text = await readFile(file, 'utf8')
  expect(text).not.toMatch(/hermenegildo|zavala|insurgentes|3057|7654321|833 765/i)
  expect(text).toContain('hay un bache enorme en la calle algo 1 colonia miramar, mi cel 833 000 0001')

  const config = join(folder, 'config')
  await cp(CONFIG_FOLDER, config, { recursive: true })
  const mensajes = await readFile(join(config, 'mensajes.es.yaml'), 'utf8')
  await writeFile(join(config, 'mensajes.es.yaml'), mensajes.replace('¿Lo registro así?', '¿Está bien así?'))
  const reworded = await replayed(file, config)
  expect(reworded.code).toBe(0)
  expect(reworded.stdout).toContain('2 conversations with 7 turns; 1 are answered otherwise, in 1 ways.')
  expect(reworded.stdout).toMatch(/¿Lo registro así\? +│ [^│]*\n?.*¿Está bien así\?/)

  const catalogo = await readFile(join(config, 'catalogo.yaml'), 'utf8')
  // A name that was not asked then.
  const broken = catalogo.replace(/(codigo: BACHEO[\s\S]*?datos: \{ nombre: )opcional/, '$1requerido')
  await writeFile(join(config, 'catalogo.yaml'), broken)
  const { code, stdout } = await replayed(file, config, '--json')
  expect(JSON.parse(stdout)).toMatchObject({ lost: [{ folios: { before: 1, after: 0 }, cause: 'settings' }] })
  expect(code).toBe(1)
})

test('differences are shown side by side, like ones once', () => {
  const one = {
    conversation: '1-1',
    turn: 3,
    at: '2026-11-22T18:00:00.000Z',
    said: 'si',
    before: '¿Lo registro así?',
    after: '',
    cause: 'settings',
  } as const
  const outcome = { conversation: '1-1', folios: { before: 1, after: 0 }, cause: 'settings' } as const
  const differences = [one, { ...one, conversation: '2-1' }]
  const said = sideBySide({ conversations: 9, turns: 30, differences, lost: [outcome], gained: [] }, 60)
  expect(said).toBe(`── conversation 1-1, turn 3, and 1 more like it, because of the settings
«si»
THEN                         │ NOW
¿Lo registro así?            │ (nothing is answered)

9 conversations with 30 turns; 2 are answered otherwise, in 1 ways.
1 no longer reach a folio:
  conversation 1-1: 1 then, 0 now, because of the settings`)
})
