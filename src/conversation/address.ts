import { defineEntity, p } from '@mikro-orm/postgresql'

const schema = defineEntity({
  name: 'Address',
  tableName: 'address',
  properties: {
    id: p.bigint('number').primary(),
    channel: p.text(),
    account: p.text(),
    externalId: p.text(),
    ciudadanoId: p.bigint('number').nullable(),
    name: p.text().nullable(),
    phone: p.text().nullable(),
    language: p.text().nullable(),
    avisoVersion: p.text().nullable(),
    avisoAt: p.datetime().nullable(),
    avisosAltaAt: p.datetime().nullable(),
    avisosBajaAt: p.datetime().nullable(),
    blockedAt: p.datetime().nullable(),
    blockedReason: p.text().nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
})

/** Where a person can be reached: one per (channel, account, the platform's own id). */
export class Address extends schema.class {}
schema.setClass(Address)
