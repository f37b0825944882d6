import { randomUUID } from 'node:crypto'
import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { InboundMessage, MediaRef } from '../message.ts'
import { bearerOf } from './access.ts'
import { open } from './conversation-routes.ts'
import { accept, refuse } from './direct-line-error.ts'
import { fromDirectLine } from './from-direct-line.ts'
import { perMinute, type WebChatParts } from './options.ts'
import { discardUploads, storeUpload } from './uploads.ts'

/** Bytes of the activity that comes with files: Web Chat puts small pictures of them into it. */
const LARGEST_ACTIVITY = 524_288

const uploadQuery = z.object({ userId: z.string().max(200).optional() })

/**
 * Files with a message. They are stored before the row that names them; when no row will, they are removed, but not when the
 * database gave no answer: then the client sends it all again, and what was stored first may be what the row names.
 */
export async function addUploadRoute(scope: FastifyInstance, parts: WebChatParts): Promise<void> {
  const { limits, context } = parts
  await scope.register(multipart)
  // One file alone, as the body itself.
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limits.fileBytes }, (_request, body, done) =>
    done(null, body),
  )
  scope.post('/conversations/:id/upload', { config: perMinute(limits.uploadsPerMinute) }, async (request) => {
    const claims = bearerOf(request, parts.tokens)
    if (Number(request.headers['content-length'] ?? 0) > limits.uploadBytes) throw tooLarge(limits.uploadBytes)
    await open(parts, claims.conv)
    const media: MediaRef[] = []
    const { id, message } = await readMessage(request, parts, media).catch(async (error) => {
      await discardUploads(context, media)
      throw error
    })
    const { repeated } = await context.saveInbound([message])
    if (repeated > 0) await discardUploads(context, media)
    return { id }
  })
}

/** Stores the files one after another, noting each in `media`, and makes the message. */
async function readMessage(
  request: FastifyRequest,
  parts: WebChatParts,
  media: MediaRef[],
): Promise<{ id: string; message: InboundMessage }> {
  const claims = bearerOf(request, parts.tokens)
  const { userId } = accept(uploadQuery, request.query)
  const posted = request.isMultipart() ? await readParts(request, parts, media) : await readBody(request, parts, media)
  if (media.length === 0) throw refuse('BadArgument', 'The upload has no file.')
  const { id, message } = fromDirectLine(posted ?? { type: 'message', from: { id: userId } }, {
    conversationId: claims.conv,
    userId: claims.user,
    fallbackName: randomUUID(),
    media,
    now: parts.context.now(),
  })
  if (!message?.media) throw refuse('BadArgument', 'Files come with a message.')
  return { id, message }
}

/** Gives the activity, if there is one among the parts. */
async function readParts(request: FastifyRequest, parts: WebChatParts, media: MediaRef[]): Promise<unknown> {
  const { files, fileBytes, uploadBytes } = parts.limits
  const limits = { files: files + 1, parts: files + 5, fileSize: fileBytes, fieldSize: LARGEST_ACTIVITY }
  let activity: unknown
  let total = 0
  for await (const part of partsOf(request, limits)) {
    const isActivity = part.fieldname === 'activity' || part.mimetype === 'application/vnd.microsoft.activity'
    if (isActivity) activity = await readActivity(part)
    else if (part.type === 'file') {
      const bytes = await bytesOf(part)
      total += bytes.byteLength
      if (total > uploadBytes) throw tooLarge(uploadBytes)
      if (media.length === files) throw refuse('MessageSizeTooBig', `A message has at most ${files} files.`)
      await storeUpload(parts.context, { bytes, type: part.mimetype, name: part.filename }, media)
    }
  }
  return activity
}

async function* partsOf(request: FastifyRequest, limits: object): AsyncGenerator<Multipart> {
  try {
    yield* request.parts({ limits })
  } catch (error) {
    throw malformed(error)
  }
}

const bytesOf = (part: MultipartFile): Promise<Buffer> =>
  part.toBuffer().catch((error) => {
    throw malformed(error)
  })

/** The parser's errors that bear no status are all about what the client sent. */
function malformed(error: unknown): unknown {
  if (!(error instanceof Error) || 'statusCode' in error) return error
  return refuse('BadArgument', `The upload cannot be read: ${error.message}.`)
}

/** Browsers send the activity as a file named `blob`, others as a field. */
async function readActivity(part: Multipart): Promise<unknown> {
  if (part.type === 'field' && typeof part.value !== 'string') return part.value
  const text = part.type === 'file' ? (await bytesOf(part)).toString() : String(part.value)
  if (text.length > LARGEST_ACTIVITY) throw tooLarge(LARGEST_ACTIVITY)
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('BadArgument', 'The part with the activity is not JSON.')
  }
}

async function readBody(request: FastifyRequest, { context }: WebChatParts, media: MediaRef[]): Promise<undefined> {
  const { body } = request
  if (!Buffer.isBuffer(body)) throw refuse('UnsupportedMediaType', 'An upload is multipart/form-data, or one file.')
  const name = /filename="([^"]*)"/i.exec(request.headers['content-disposition'] ?? '')?.[1]
  await storeUpload(context, { bytes: body, type: request.headers['content-type'] ?? '', name }, media)
}

const tooLarge = (bytes: number) => refuse('MessageSizeTooBig', `This may have at most ${bytes >> 10} KB.`)
