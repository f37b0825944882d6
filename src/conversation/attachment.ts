import { defineEntity, p } from '@mikro-orm/postgresql'
import type { MediaKind, MediaRef } from '../channels/message.ts'

/** What an attachment is to a petition. */
export type Uso = 'evidencia' | 'formato' | 'oficio' | 'requisito' | 'respuesta'

/** Where its bytes are still to be fetched from. */
export interface AttachmentSource extends MediaRef {
  channel: string
  account: string
}

const schema = defineEntity({
  name: 'Attachment',
  tableName: 'attachment',
  properties: {
    id: p.uuid().primary(),
    messageId: p.bigint('number').nullable(),
    conversationId: p.bigint('number').nullable(),
    peticionId: p.bigint('number').nullable(),
    movimientoId: p.bigint('number').nullable(),
    uso: p.text().$type<Uso>().default('evidencia'),
    usuarioId: p.bigint('number').nullable(),
    kind: p.text().$type<MediaKind>(),
    status: p.text().$type<'pending' | 'stored' | 'refused' | 'failed' | 'discarded'>().default('pending'),
    source: p.json<AttachmentSource>().nullable(),
    mime: p.text().nullable(),
    fileName: p.text().nullable(),
    bytes: p.bigint('number').nullable(),
    storageKey: p.text().nullable(),
    thumbKey: p.text().nullable(),
    width: p.integer().nullable(),
    height: p.integer().nullable(),
    attempts: p.integer().default(0),
    dueAt: p.datetime().nullable(),
    error: p.text().nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
})

/** A file that came with a message or was attached in the panel. */
export class Attachment extends schema.class {}
schema.setClass(Attachment)
