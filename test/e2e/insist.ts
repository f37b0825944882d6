import { until } from '../../src/runtime/until.ts'

/** Sends again what was answered by 503, as platforms do and as people are told to; gives the last answer. */
export async function insist(send: () => Promise<Response>): Promise<Response> {
  let answer = await send()
  const again = async () => {
    if (answer.status === 503) answer = await send()
    return answer.status !== 503
  }
  await until(again, { every: 500, timeout: 20_000 })
  return answer
}
