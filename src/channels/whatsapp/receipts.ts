import { proto, type WAMessageUpdate } from '@whiskeysockets/baileys'
import { onceDatabaseIsBack } from '../../runtime/database-away.ts'
import { rest } from '../pauses.ts'
import type { Line } from './line.ts'

const { Status } = proto.WebMessageInfo

/**
 * Notes what people's telephones say of our messages. A receipt can come before its message was noted as sent: each is noted again a
 * little later, which changes nothing where it was in time.
 */
export function createReceipts(line: Line, signal: AbortSignal): (updates: WAMessageUpdate[]) => void {
  const { account, context, timings } = line
  const note = async (providerId: string, status: 'delivered' | 'read') => {
    const save = () => context.saveReceipt({ channel: 'whatsapp', account, providerId, status })
    try {
      await onceDatabaseIsBack(save, signal)
      await rest(timings.receiptAgain, signal)
      await save()
    } catch (error) {
      context.log.warn({ err: error, channel: 'whatsapp', account }, 'a receipt was not noted')
    }
  }
  return (updates) => {
    for (const { key, update } of updates) {
      const status = statusOf(update.status)
      if (status && key.fromMe && key.id) void note(key.id, status)
    }
  }
}

function statusOf(status: proto.WebMessageInfo.Status | null | undefined): 'delivered' | 'read' | undefined {
  if (status === Status.DELIVERY_ACK) return 'delivered'
  return status === Status.READ || status === Status.PLAYED ? 'read' : undefined
}
