import { expect, it } from 'vitest'
import { inTurn } from '../../src/runtime/in-turn.ts'

it('what comes after a failure is done too, and the failures are told at the end', async () => {
  const done: string[] = []
  const work = (name: string) => async () => void done.push(name)
  const failing = (name: string) => async () => {
    throw new Error(name)
  }
  await expect(inTurn([work('a'), failing('b'), work('c')])).rejects.toThrow('b')
  await expect(inTurn([failing('d'), failing('e'), work('f')])).rejects.toThrow(/d.*e/)
  expect(done).toEqual(['a', 'c', 'f'])
})
