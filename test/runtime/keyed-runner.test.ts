import { expect, it } from 'vitest'
import { createKeyedRunner } from '../../src/runtime/keyed-runner.ts'

it('a run that does not end is asked to when the runner stops, and waited for', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const ended: string[] = []
  const runner = createKeyedRunner<string>({
    parallel: 1,
    patience: 50,
    async run(key, ending) {
      begin()
      await new Promise<void>((resolve) => ending.addEventListener('abort', () => resolve()))
      ended.push(key)
      return undefined
    },
    failed: () => undefined,
  })
  runner.wake('a')
  runner.wake('b')
  await begun
  await runner.drain()
  expect(ended).toEqual(['a'])
})
