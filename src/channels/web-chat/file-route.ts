import type { FastifyInstance } from 'fastify'
import { fileTypeFromBuffer } from 'file-type'
import { ticket } from './access.ts'
import { refuse } from './direct-line-error.ts'
import { perMinute, type WebChatParts } from './options.ts'

/** What browsers may show in place; everything else is saved. Told by the bytes, never by what the sender said. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** The files of a conversation, by addresses that are signed and expire. */
export function addFileRoute(scope: FastifyInstance, parts: WebChatParts): void {
  const reads = { config: perMinute(parts.limits.readsPerMinute) }
  scope.get('/attachments/:message/:file', reads, async (request, reply) => {
    const { conv, msg = 0, file = 0 } = ticket(request, parts.tokens, 'file')
    const found = await parts.store.file(conv, msg, file)
    const bytes = found && (await read(parts, found.key))
    if (!found || !bytes) throw refuse('NotFound', 'The file is not there any more.')
    const mime = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'
    const disposition = SHOWN.has(mime) ? 'inline' : 'attachment'
    return reply
      .headers({
        'cache-control': 'private, max-age=3600',
        'content-disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(found.fileName ?? 'archivo')}`,
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      })
      .type(mime)
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  })
}

async function read({ context }: WebChatParts, key: string): Promise<Uint8Array | undefined> {
  try {
    return await context.files.get(key)
  } catch (error) {
    context.log.warn({ err: error, key }, 'a file of the web chat could not be read')
    return undefined
  }
}
