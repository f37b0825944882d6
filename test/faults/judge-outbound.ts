import type { RecordedCall } from '../fakes/telegram-server.ts'
import type { Row } from './rows.ts'
import type { Reading } from './web-line.ts'

/** What is wrong, in words, and what is allowed, in numbers. */
export interface OutboundVerdict {
  /** Sent as the row has it, and never arrived. */
  missing: string[]
  /** Arrived more often than its doubts allow. */
  doubled: string[]
  /** Arrived before an earlier one of its conversation. */
  inverted: string[]
  /** Given up without the platform having refused it for good. */
  failed: string[]
  arrived: number
  /** Copies of rows whose outcome had been unknown. */
  allowedCopies: number
  /** Rows whose outcome stayed unknown: for a person to look at. */
  ambiguous: number
}

const ARRIVED = new Set(['sent', 'delivered', 'read'])

export const emptyOutbound = (): OutboundVerdict => ({
  missing: [],
  doubled: [],
  inverted: [],
  failed: [],
  arrived: 0,
  allowedCopies: 0,
  ambiguous: 0,
})

/**
 * One Telegram chat: `rows` by seq, `arrivals` as they came. The platform numbers its messages, and the row keeps that
 * number: so each arrival is either the one of a row, or a copy, and then a row near it must have had its doubts.
 */
export function judgeChat(rows: readonly Row[], arrivals: readonly RecordedCall[], verdict: OutboundVerdict): void {
  verdict.arrived += arrivals.length
  verdict.ambiguous += rows.filter(({ status }) => status === 'ambiguous').length
  verdict.failed.push(
    ...rows
      .filter(({ status }) => !ARRIVED.has(status) && status !== 'ambiguous')
      .map((row) => `${row.key}: ${row.id} ${row.status}: ${row.error}`),
  )
  const doubts = new Map(rows.map((row) => [row.id, row.doubts]))
  let next = 0
  let waiting: Row[] = []
  for (const row of rows) {
    waiting.push(row)
    if (!ARRIVED.has(row.status)) continue
    const place = Number(row.providerId) - FIRST_MESSAGE
    if (place < next)
      verdict.inverted.push(`${row.key}: row ${row.id}, seq ${row.seq}, came as number ${place}, after ${next - 1}`)
    else if (arrivals[place]?.payload.text !== row.text)
      verdict.missing.push(`${row.key}: row ${row.id} is ${row.status}, number ${place} is another`)
    else {
      explain(arrivals.slice(next, place), waiting, doubts, verdict)
      next = place + 1
    }
    waiting = []
  }
  explain(arrivals.slice(next), waiting, doubts, verdict)
}

/** The fake's chats begin at 101. */
const FIRST_MESSAGE = 101

/** Arrivals that are no row's own: each must be a copy of one of these rows, as many as it had doubts. */
function explain(
  arrivals: readonly RecordedCall[],
  rows: readonly Row[],
  doubts: Map<number, number>,
  verdict: OutboundVerdict,
): void {
  for (const { payload } of arrivals) {
    const row = rows.find(({ id, text }) => text === payload.text && (doubts.get(id) ?? 0) > 0)
    if (row) {
      doubts.set(row.id, (doubts.get(row.id) ?? 0) - 1)
      verdict.allowedCopies += 1
    } else verdict.doubled.push(`chat ${payload.chat_id}: ${JSON.stringify(String(payload.text).slice(0, 60))}`)
  }
}

/** One web chat: what its client read, page by page, is the conversation's rows by seq, each once. */
export function judgeReading({ conversationId, ids }: Reading, rows: readonly Row[], verdict: OutboundVerdict): void {
  const expected = rows.map((row) =>
    row.direction === 'out'
      ? `${conversationId}|${String(row.id).padStart(7, '0')}`
      : `${conversationId}|u.${row.externalId?.slice(conversationId.length + 1)}`,
  )
  verdict.arrived += ids.filter((id) => !id.includes('|u.')).length
  const seen = new Set(ids)
  verdict.missing.push(...expected.filter((id) => !seen.has(id)).map((id) => `${id}: never shown`))
  if (seen.size < ids.length)
    verdict.doubled.push(`${conversationId}: ${ids.length - seen.size} activities shown twice`)
  const inOrder = expected.filter((id) => seen.has(id))
  const wrong = [...seen].findIndex((id, index) => id !== inOrder[index])
  if (wrong !== -1)
    verdict.inverted.push(`${conversationId}: place ${wrong} shows ${[...seen][wrong]}, not ${inOrder[wrong]}`)
}
