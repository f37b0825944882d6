import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SecondTime } from './test/second-time.ts'

// Each file of tests has a process of its own, which need not compile again what the one before it did.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url))

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Processes, not threads: tests send signals, and native modules (argon2, sharp) live once in each.
    pool: 'forks',
    // Half as many again as there are processors: files wait for sockets, timers and other processes a good part of their time.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // For a machine that is busy with other things: tests wait for conditions, and a condition that never comes is rare.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Sockets, browsers and killed processes on a machine with two processors: once more, and told of at the end.
    retry: 1,
    reporters: ['default', new SecondTime()],
    coverage: { include: ['src/**/*.ts'] },
  },
})
