import { defineEntity, p } from '@mikro-orm/postgresql'
import type { Answers, Draft, Locale, Mode } from './state.ts'

const schema = defineEntity({
  name: 'Conversation',
  tableName: 'conversation',
  properties: {
    id: p.bigint('number').primary(),
    addressId: p.bigint('number'),
    mode: p.text().$type<Mode>().default('bot'),
    flow: p.text().nullable(),
    flowVersion: p.integer().default(0),
    step: p.text().nullable(),
    answers: p.json<Answers>().defaultRaw("'{}'"),
    drafts: p.json<Draft[]>().defaultRaw("'[]'"),
    misses: p.integer().default(0),
    locale: p.text().$type<Locale>().default('es'),
    lastSeq: p.bigint('number').default(0),
    lastInboundAt: p.datetime().nullable(),
    humanSince: p.datetime().nullable(),
    assignedTo: p.bigint('number').nullable(),
    endedAt: p.datetime().nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
})

/** One address's talk with us: who speaks (bot or person), where in which flow, and what was said so far. */
export class Conversation extends schema.class {}
schema.setClass(Conversation)
