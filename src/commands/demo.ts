import { parseArgs } from 'node:util'
import type { Logger } from 'pino'
import { type House, openHouse } from '../house.ts'
import { type Environment, readEnvironment } from '../runtime/env.ts'
import { openFiles } from '../runtime/files.ts'
import { createLogger } from '../runtime/logger.ts'
import { reasonOf, StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { addresses, serve } from '../serve.ts'
import { fill } from './demo/fill.ts'
import { clear, groundOf, mark } from './demo/mark.ts'
import { PASSWORD, puestos } from './demo/staff.ts'

const PETITIONS = 280
const DAYS = 90
const SEED = 26

/** `npm run demo`: Canaliza with an invented town, in a folder of its own; `-- --reset` begins the town anew. */
async function demo(): Promise<void> {
  const { reset } = readArguments()
  // No .env: what is set there belongs to the town, whose database and bots the demo must not touch.
  const env = readEnvironment(
    { ADMIN_TOTP: 'optional', ...process.env, DATA_DIR: process.env.DATA_DIR || 'var/demo' },
    '.env.demo',
  )
  const log = createLogger(env.LOG_LEVEL)
  for (const warning of env.warnings) log.warn(warning)
  const credentials = await prepare(env, log, reset)
  await serve(env, log, (running) => [...addresses(running), '', ...credentials])
}

function readArguments(): { reset: boolean } {
  try {
    const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false } } })
    return values
  } catch (error) {
    throw new StartupProblem(`${reasonOf(error)}. The demo knows --reset alone: npm run demo -- --reset`)
  }
}

/** Fills the database the first time, and gives who may log in. */
async function prepare(env: Environment, log: Logger, reset: boolean): Promise<string[]> {
  await ready(env, log, reset)
  return filling(env, log, async (house) => {
    if ((await groundOf(house.database.fork())) === 'empty') await fillNow(env, log, house)
    return credentials(house)
  })
}

/** Leaves the database empty or filled. */
async function ready(env: Environment, log: Logger, reset: boolean): Promise<void> {
  await filling(env, log, async ({ database }) => {
    const ground = await groundOf(database.fork())
    if (ground === 'unfinished' || (reset && ground === 'filled')) {
      await clear(database.fork(), await openFiles(env.DATA_DIR, env.STORAGE_URL))
    }
  })
}

/** Opens the house for a moment. What is filled in can be filled in again: nothing waits for the disk. */
async function filling<T>(env: Environment, log: Logger, work: (house: House) => Promise<T>): Promise<T> {
  process.env.PGOPTIONS = '-c synchronous_commit=off'
  const house = await openHouse(env, log)
  try {
    return await work(house)
  } finally {
    await house.close()
    delete process.env.PGOPTIONS
  }
}

async function fillNow(env: Environment, log: Logger, house: House): Promise<void> {
  const began = performance.now()
  await mark(house.database.fork(), 'unfinished')
  const size = { petitions: PETITIONS, days: DAYS, now: new Date(), seed: SEED }
  await fill(env, log, house, size, (made) => showProgress(made))
  await mark(house.database.fork(), 'filled')
  process.stdout.write(`\nThe town is there after ${Math.round((performance.now() - began) / 1000)} s.\n`)
}

function showProgress(made: number): void {
  const line = `Making an invented town: ${made} of ${PETITIONS} petitions`
  if (process.stdout.isTTY) process.stdout.write(`\r${line}`)
  else if (made % 50 === 0) process.stdout.write(`${line}\n`)
}

function credentials({ settings }: House): string[] {
  const staff = puestos(settings.catalogo)
  const width = Math.max(...staff.map(({ email }) => email.length))
  return [
    `  Everybody's password is ${PASSWORD}; a code of the telephone beside it is not demanded here (ADMIN_TOTP=optional)`,
    '',
    ...staff.map(({ email, nombre, roles }) => `  ${email.padEnd(width)}  ${roles.join(', ')}: ${nombre}`),
  ]
}

runProgram(demo)
