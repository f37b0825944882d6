import type { FastifyReply, FastifyRequest } from 'fastify'

/** Browsers accept a `__Host-` cookie only with https and for the whole host: nobody beside or below us can set it. */
const nameFor = (publicUrl: string) => (publicUrl.startsWith('https:') ? '__Host-canaliza' : 'canaliza')

/** The session's id as the browser sent it. */
export function readSessionCookie(request: FastifyRequest, publicUrl: string): string | undefined {
  return request.cookies[nameFor(publicUrl)]
}

/** Gives the browser the session's id, until it is closed. */
export function setSessionCookie(reply: FastifyReply, publicUrl: string, id: string): void {
  reply.setCookie(nameFor(publicUrl), id, attributesFor(publicUrl))
}

/** Takes the session's id from the browser. */
export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  reply.clearCookie(nameFor(publicUrl), attributesFor(publicUrl))
}

const attributesFor = (publicUrl: string) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: publicUrl.startsWith('https:'),
})
