import { parseArgs } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { quitarSegundoPaso } from '../admin/cuentas/segundo-paso.ts'
import {
  createUsuario,
  findByEmail,
  resetPassword,
  setUsuarioDisabled,
  type Usuario,
  type UsuarioProblem,
  UsuarioRefused,
} from '../admin/cuentas/usuario.ts'
import { openHouse } from '../house.ts'
import { readEnvironment } from '../runtime/env.ts'
import { createLogger } from '../runtime/logger.ts'
import { StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { sql } from '../runtime/sql.ts'
import { ROLES } from '../workflow/actor.ts'

const HELP = `Users of the panel.

  npm run usuario -- listar
  npm run usuario -- crear EMAIL --nombre "Nombre y apellidos" --rol enlace --dependencia OP
  npm run usuario -- password EMAIL       gives a new password, to be changed at the first login
  npm run usuario -- segundo-paso EMAIL   takes the code of the telephone off, for who lost it and the recovery codes
  npm run usuario -- deshabilitar EMAIL   ends their sessions and shuts them out
  npm run usuario -- habilitar EMAIL

--rol may be repeated: ${ROLES.join(', ')}.
An enlace or titular needs the code of a dependencia of config/catalogo.yaml.
`

const REFUSED: Record<UsuarioProblem, string> = {
  email_repetido: 'There is a user with that e-mail already.',
  sin_dependencia: 'An enlace or titular needs --dependencia.',
  dependencia_no_existe: 'The catalogue has no such dependencia; use its codigo in config/catalogo.yaml.',
  ultimo_administrador: 'Nobody else administers the panel; make another administrador first.',
  usuario_no_existe: 'There is no such user.',
}

const options = {
  nombre: { type: 'string' },
  rol: { type: 'string', multiple: true },
  dependencia: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const datos = z.object({
  email: z.email({ error: 'the e-mail is not complete, like nombre@altamira.gob.mx' }),
  nombre: z.string({ error: '--nombre is missing' }).trim().min(1, '--nombre is missing'),
  rol: z
    .array(z.enum(ROLES, { error: `--rol must be one of ${ROLES.join(', ')}` }), { error: '--rol is missing' })
    .min(1),
  dependencia: z.string().nullable().default(null),
})
type Given = Partial<Record<keyof typeof options, unknown>>

/** What each command does; gives what is printed. */
const COMMANDS: Record<string, (em: EntityManager, email: string, given: Given) => Promise<string>> = {
  listar: list,
  crear: create,
  password: async (em, email) => {
    const { id } = await find(em, email)
    return `The password of ${email} is now ${await resetPassword(em, id, {})}; it must be changed at the next login.\n`
  },
  'segundo-paso': async (em, email) => {
    await quitarSegundoPaso(em, (await find(em, email)).id, {})
    return `${email} comes in with the password alone; an administrador is led to set the second step up again.\n`
  },
  deshabilitar: async (em, email) => {
    await setUsuarioDisabled(em, (await find(em, email)).id, true, {})
    return `${email} can no longer log in.\n`
  },
  habilitar: async (em, email) => {
    await setUsuarioDisabled(em, (await find(em, email)).id, false, {})
    return `${email} can log in again.\n`
  },
}

async function list(em: EntityManager): Promise<string> {
  const rows = await sql<{ line: string }>(
    em,
    `select concat_ws('  ', email, nombre, array_to_string(roles, ','), dependencia_id, case when disabled_at is not null then '(disabled)' end) as line
       from usuario order by lower(email)`,
  )
  return rows.map(({ line }) => `${line}\n`).join('') || 'There are no users yet.\n'
}

async function create(em: EntityManager, email: string, given: Given): Promise<string> {
  const read = datos.safeParse({ ...given, email })
  if (!read.success)
    throw new StartupProblem(`${read.error.issues.map((issue) => issue.message).join('; ')}.\n\n${HELP}`)
  const { nombre, rol: roles, dependencia: dependenciaId } = read.data
  const { password } = await createUsuario(em, { email, nombre, telefono: null, roles, dependenciaId }, {})
  return `${email} can log in at /admin with the password ${password}, which must be changed at the first login.\n`
}

async function find(em: EntityManager, email: string): Promise<Usuario> {
  const usuario = await findByEmail(em, email)
  if (!usuario) throw new UsuarioRefused('usuario_no_existe')
  return usuario
}

/** `npm run usuario`: makes users and gives passwords from the machine itself, while Canaliza runs or not. */
async function main(): Promise<void> {
  const read = readArguments()
  if (!read) {
    process.stdout.write(HELP)
    return
  }
  const { command, email, given } = read
  const env = readEnvironment()
  const house = await openHouse(env, createLogger(env.LOG_LEVEL === 'info' ? 'warn' : env.LOG_LEVEL), { joining: true })
  try {
    process.stdout.write(await command(house.database.fork(), email, given))
  } catch (error) {
    if (error instanceof UsuarioRefused) throw new StartupProblem(REFUSED[error.code])
    throw error
  } finally {
    await house.close()
  }
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    if (values.help) return undefined
    const [name = '', email = ''] = positionals
    const command = COMMANDS[name]
    if (!command || (name !== 'listar' && email === '')) throw new StartupProblem(HELP)
    return { command, email, given: values }
  } catch (error) {
    if (error instanceof StartupProblem) throw error
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
  }
}

runProgram(main)
