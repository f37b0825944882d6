import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { createSecretBox, UnreadableSecret } from '../../runtime/secret-box.ts'
import type { ChannelContext } from '../channel.ts'
import type { OutboundMedia } from '../message.ts'
import { readFile } from '../read-file.ts'
import { SendError } from '../send-error.ts'
import { takesInline } from './downstream.ts'
import type { SentFile } from './to-activity.ts'

/** Bytes of a file that may travel inside of an activity: all of an activity may have 256 KB, and base64 adds a third. */
const INLINE_LIMIT = 180 * 1024

/** Milliseconds for which a file can be fetched by its address: clients fetch it each time they show it. */
const LIFETIME = 7 * 24 * 60 * 60 * 1000

const PATH = '/api/messages/files'

const ticket = z.object({ key: z.string(), mime: z.string(), until: z.number() })

/** How channels get the files that we send. */
export interface SentFiles {
  /**
   * The file as the channel of this name takes it.
   * @throws {SendError} `unavailable` when it cannot be read, `invalid` when it is too large to go without a public address of ours.
   */
  describe(media: OutboundMedia, channelId: string): Promise<SentFile>
  /** Adds the route by which channels fetch them. */
  routes(app: FastifyInstance): void
}

/** What addresses of files are made with. */
export interface SentFilesOptions {
  secretKey: string
  /** Where channels reach us, without a slash at the end; undefined when nobody said. */
  publicUrl: string | undefined
  context: Pick<ChannelContext, 'files' | 'now'>
}

/** Files by sealed addresses that end, or inside of the activity when they are small and nobody outside reaches us. */
export function createSentFiles({ secretKey, publicUrl, context }: SentFilesOptions): SentFiles {
  const box = createSecretBox(secretKey, 'bot-framework files')
  const addressOf = ({ key, mime, fileName }: OutboundMedia) => {
    const sealed = box.seal(Buffer.from(JSON.stringify({ key, mime, until: context.now().getTime() + LIFETIME })), PATH)
    return `${publicUrl}${PATH}/${encodeURIComponent(plainName(fileName))}?t=${sealed.toString('base64url')}`
  }
  return {
    async describe(media, channelId) {
      const described = { contentType: media.mime, name: media.fileName }
      if (publicUrl !== undefined) return { ...described, contentUrl: addressOf(media) }
      const bytes = await readFile(context, media.key)
      if (bytes.byteLength > INLINE_LIMIT || !takesInline(channelId)) {
        const why = 'The file can only go by an address of ours: set PUBLIC_URL'
        throw new SendError('invalid', why, { retryable: false })
      }
      return { ...described, contentUrl: `data:${media.mime};base64,${Buffer.from(bytes).toString('base64')}` }
    },
    routes(app) {
      app.get<{ Querystring: { t?: unknown } }>(`${PATH}/:name`, async (request, reply) => {
        const { key, mime } = open(request.query.t)
        const bytes = await context.files.get(key)
        // It may be shown in a page of a channel's, and never runs anything there.
        return reply
          .type(mime)
          .header('content-security-policy', "default-src 'none'; sandbox")
          .header('content-disposition', /^(image|audio|video)\/(?!svg)/.test(mime) ? 'inline' : 'attachment')
          .header('cache-control', 'private, max-age=3600')
          .send(Buffer.from(bytes))
      })
    },
  }

  function open(sealed: unknown): z.output<typeof ticket> {
    const found = opened(sealed)
    if (!found || found.until < context.now().getTime()) throw new HttpProblem(404, 'There is nothing at this address.')
    return found
  }

  function opened(sealed: unknown): z.output<typeof ticket> | undefined {
    if (typeof sealed !== 'string') return undefined
    try {
      return ticket.safeParse(JSON.parse(box.open(Buffer.from(sealed, 'base64url'), PATH).toString('utf8'))).data
    } catch (error) {
      if (error instanceof UnreadableSecret) return undefined
      throw error
    }
  }
}

/** Some channels want an ending, none wants other letters. */
const plainName = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\w.-]/g, '_')
    .slice(-100) || 'archivo'
