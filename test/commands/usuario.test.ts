import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'canaliza-usuario-'))
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

/** `npm run usuario -- …`, as the operator of the machine runs it. */
function usuario(...args: string[]): Promise<{ code: number; said: string }> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = {
    PATH,
    NODE_COMPILE_CACHE,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SECRET_KEY: 'k'.repeat(40),
    LOG_LEVEL: 'warn',
  }
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/commands/usuario.ts', ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: out + err }),
    )
  })
}

it('makes users, gives passwords, shuts out and lets in, and never leaves the panel without an administrador', async () => {
  const admin = await usuario(
    'crear',
    'administracion@ejemplo.mx',
    '--nombre',
    'Administración',
    '--rol',
    'administrador',
  )
  expect(admin.said).toMatch(/can log in at \/admin with the password ([A-Z2-9]{4}-){4}[A-Z2-9]{4}/)
  const enlace = ['crear', 'enlace@ejemplo.mx', '--nombre', 'Enlace de Obras Públicas', '--rol', 'enlace']
  expect(await usuario(...enlace)).toMatchObject({ code: 78, said: expect.stringContaining('--dependencia') })
  expect((await usuario(...enlace, '--rol', 'titular', '--dependencia', 'OP')).code).toBe(0)
  expect((await usuario(...enlace, '--dependencia', 'OP')).said).toContain('There is a user with that e-mail already')
  expect((await usuario('listar')).said).toContain('enlace@ejemplo.mx  Enlace de Obras Públicas  enlace,titular  OP')
  expect((await usuario('password', 'ENLACE@ejemplo.mx')).said).toMatch(/([A-Z2-9]{4}-){4}[A-Z2-9]{4}/)
  expect((await usuario('deshabilitar', 'enlace@ejemplo.mx')).said).toContain('can no longer log in')
  expect((await usuario('deshabilitar', 'administracion@ejemplo.mx')).said).toContain(
    'Nobody else administers the panel',
  )
  expect((await usuario('habilitar', 'nadie@ejemplo.mx')).said).toContain('There is no such user')
}, 60_000)

it('says how it is used when it is not understood, without a stack trace', async () => {
  for (const args of [[], ['bailar'], ['crear'], ['crear', 'x', '--color', 'rojo']]) {
    const { code, said } = await usuario(...args)
    expect([code, said.includes('npm run usuario'), said.includes('    at ')]).toEqual([78, true, false])
  }
  expect(await usuario('--help')).toMatchObject({ code: 0, said: expect.stringContaining('npm run usuario') })
}, 60_000)
