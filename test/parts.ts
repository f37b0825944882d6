import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'

/** A program of the machine that some tests need; undefined when it is not there. */
function find(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

export const REDIS_SERVER = find('redis-server', 'valkey-server')
export const CHROMIUM = find('chromium', 'chromium-browser', 'google-chrome')

// A machine with Node alone runs all tests but these. CI sets CANALIZA_REQUIRE_PARTS: there a missing part is a failure.
function describeWith(part: string | undefined, name: string) {
  if (!part && process.env.CANALIZA_REQUIRE_PARTS)
    throw new Error(`${name} is not installed, and every part is required here`)
  return part ? describe : describe.skip
}

/** `describe` for tests that need a real Redis. */
export const describeWithRedis = describeWith(REDIS_SERVER, 'redis-server')

/** `describe` for tests that need a real browser. */
export const describeWithBrowser = describeWith(CHROMIUM, 'chromium')
