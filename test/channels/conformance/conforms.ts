import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InboundMessage } from '../../../src/channels/message.ts'
import type { SendError } from '../../../src/channels/send-error.ts'
import { type ChannelCases, type InputCase, isReason } from './case.ts'
import { ABUSES, FAILURES, INPUTS, OUTPUTS } from './kinds.ts'
import type { Line, Manner } from './line.ts'
import { SAID } from './said.ts'

const keysOf = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[]

/** A file of a platform's real-looking payload. */
export const payloadOf = ({ folder }: ChannelCases, file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${folder}/${file}.json`, import.meta.url), 'utf8'))

/** Tries everything that the table asks of a channel, over its real protocol. */
export function conforms(cases: ChannelCases, open: () => Promise<Line>): void {
  let line: Line
  beforeAll(async () => {
    line = await open()
  })
  beforeEach(() => line.forget())
  afterAll(() => line[Symbol.asyncDispose]())
  const given = () => line
  hears(cases, given)
  says(cases, given)
  withstands(cases, given)
  fails(cases, given)
}

type Given = () => Line

function hears(cases: ChannelCases, line: Given): void {
  describe.each(keysOf(INPUTS).filter((kind) => !isReason(cases.inputs[kind])))(`${cases.name} hears %s`, (kind) => {
    const rows = cases.inputs[kind]
    if (isReason(rows)) return
    it.each(rows)('$file', async (row) => {
      expect(await line().deliver(payloadOf(cases, row.file))).toBe(true)
      expectStored(cases, await line().stored(), row)
      const receipts = line().receipts()
      expect(receipts).toMatchObject(row.receipts ?? [])
      expect(receipts).toHaveLength(row.receipts?.length ?? 0)
    })
  })
}

/** Who, when and by which id: compared where a case names them. All else must be as the case has it. */
const ENVELOPE = new Set(['channel', 'account', 'externalId', 'from', 'sentAt', 'providerId', 'channelData'])

function expectStored({ name }: ChannelCases, stored: InboundMessage[], { becomes = [] }: InputCase): void {
  const compared = stored.map((message, index) => {
    const named = becomes[index] ?? {}
    return Object.fromEntries(Object.entries(message).filter(([key]) => !ENVELOPE.has(key) || key in named))
  })
  expect(compared).toEqual(becomes)
  for (const message of stored) {
    expect(message).toMatchObject({ channel: name, account: 'default' })
    expect(message.externalId).not.toBe('')
    expect(message.from.address).not.toBe('')
    expect(message.sentAt.getTime()).toBeGreaterThan(0)
  }
}

function says({ name, outputs }: ChannelCases, line: Given): void {
  const wire: Record<string, Record<string, unknown[]>> = JSON.parse(
    readFileSync(new URL(`wire/${name}.json`, import.meta.url), 'utf8'),
  )
  describe.each(keysOf(OUTPUTS).filter((kind) => outputs[kind] === true))(`${name} says %s`, (kind) => {
    it.each(SAID[kind])('$label', async ({ label, message, byStaff, late }) => {
      expect(await line().say(message, { byStaff, late })).toEqual(wire[kind]?.[label])
    })
  })
}

function withstands(cases: ChannelCases, line: Given): void {
  const { malformed, unsigned, oversize, duplicated, disordered, databaseAway } = cases.abuses
  const bodyOf = (file: string) => JSON.stringify(payloadOf(cases, file))
  describe(`${cases.name} withstands what`, () => {
    const nothing = async () => expect(await line().stored()).toEqual([])
    const refused = (status: number | 'closed' | undefined) =>
      expect(typeof status === 'number' && status >= 400 && status < 500, `refused with ${status}`).toBe(true)

    it.each(isReason(malformed) ? [] : malformed)('is malformed: %s', async (body) => {
      refused(await line().post?.(body, 'signed'))
      await nothing()
    })
    it.each<Manner>(unsigned === true ? ['unsigned', 'forged'] : [])('is %s', async (manner) => {
      const [file = ''] = isReason(duplicated) ? [] : duplicated
      expect([401, 403]).toContain(await line().post?.(bodyOf(file), manner))
      await nothing()
    })
    it.each(isReason(oversize) ? [] : [oversize])('is too large: %d bytes', async (bytes) => {
      const padding = 'x'.repeat(bytes)
      const status = await line().post?.(JSON.stringify({ padding }), 'signed')
      expect([413, 'closed']).toContain(status)
      await nothing()
    })
    it.each(isReason(duplicated) ? [] : duplicated)('comes again and again: %s', async (file) => {
      const payload = payloadOf(cases, file)
      await line().deliver(payload)
      const once = await line().stored()
      expect(once.length).toBeGreaterThan(0)
      const again = await Promise.all(Array.from({ length: 5 }, () => line().deliver(payload)))
      expect(new Set(again)).toEqual(new Set([true]))
      expect(await line().stored()).toEqual(once)
    })
    it.each(isReason(disordered) ? [] : [disordered])('comes out of order: %s, %s…', async (...files) => {
      const inOrder: InboundMessage[] = []
      for (const file of files) {
        await line().deliver(payloadOf(cases, file))
        inOrder.push(...(await line().stored()))
        await line().forget()
      }
      for (const file of files.toReversed()) await line().deliver(payloadOf(cases, file))
      const byId = (a: InboundMessage, b: InboundMessage) => a.externalId.localeCompare(b.externalId)
      expect((await line().stored()).toSorted(byId)).toEqual(inOrder.toSorted(byId))
    })
    it.each(isReason(databaseAway) ? [] : databaseAway)('comes while the database is away: %s', async (file) => {
      const payload = payloadOf(cases, file)
      line().database?.(true)
      expect(
        await line()
          .deliver(payload)
          .finally(() => line().database?.(false)),
      ).toBe(false)
      await nothing()
      expect(await line().deliver(payload)).toBe(true)
      expect((await line().stored()).length).toBeGreaterThan(0)
    })
  })
  expect(Object.keys(cases.abuses).toSorted()).toEqual(Object.keys(ABUSES).toSorted())
}

function fails({ name, failures }: ChannelCases, line: Given): void {
  describe(`${name} knows a failure of its platform`, () => {
    it.each(keysOf(FAILURES).filter((kind) => !isReason(failures[kind])))('%s', async (kind) => {
      const expected = failures[kind]
      if (isReason(expected)) return
      const error = await line()
        .fail?.(kind)
        .then(
          () => undefined,
          (reason: SendError) => reason,
        )
      expect(error?.name).toBe('SendError')
      expect(error).toMatchObject(expected)
    })
  })
}
