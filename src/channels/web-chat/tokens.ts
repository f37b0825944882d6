import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { refuse } from './direct-line-error.ts'

/** Seconds a token is good for: what Direct Line grants. */
export const TOKEN_SECONDS = 1800

/**
 * How long each kind is good for, in seconds: `api` speaks for a conversation, `resume` only buys another `api` token (a citizen comes
 * back after days), `stream` opens one WebSocket (Direct Line gives a minute), `file` shows one file.
 */
const LIFETIMES = { api: TOKEN_SECONDS, resume: 90 * 86_400, stream: 60, file: 86_400 }

const claims = z.object({
  use: z.enum(['api', 'resume', 'stream', 'file']),
  /** The one conversation it is good for. */
  conv: z.string(),
  /** The page that asked for it; absent for clients that are no browsers. */
  origin: z.string().optional(),
  /** The user's id when it was asked for with one: Direct Line clients read it, and messages bear no other. */
  user: z.string().optional(),
  /** Of a file: the message's row and the file's number in it. */
  msg: z.number().optional(),
  file: z.number().optional(),
  exp: z.number(),
})

/** What a token says, once its signature was checked. */
export type Claims = z.infer<typeof claims>

/** Issues and checks tokens; nothing is stored. */
export interface Tokens {
  issue(content: Omit<Claims, 'exp'>): string
  /** @throws {HttpProblem} 403, also for one that was good once. */
  verify(token: string, uses: Claims['use'][]): Claims
}

// JSON Web Tokens (RFC 7519), because Direct Line clients look inside for the user; no other algorithm than ours is ever accepted.
const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

/** Tokens signed by a key derived from `secretKey`; changing that one ends them all. */
export function createTokens(secretKey: string, now: () => Date): Tokens {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'canaliza web chat', 32))
  const sign = (text: string) => createHmac('sha256', key).update(text).digest()
  const seconds = () => Math.floor(now().getTime() / 1000)
  return {
    issue(content) {
      const text = `${HEADER}.${encode({ ...content, exp: seconds() + LIFETIMES[content.use] })}`
      return `${text}.${sign(text).toString('base64url')}`
    },
    verify(token, uses) {
      const [header, payload = '', signature = ''] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const expected = sign(`${HEADER}.${payload}`)
      if (header !== HEADER || given.length !== expected.length || !timingSafeEqual(given, expected))
        throw refuse('InvalidToken', 'The token is not one of ours.')
      const content = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      if (!uses.includes(content.use))
        throw refuse('InvalidToken', `The token is not good for this: it is a ${content.use} token.`)
      if (content.exp <= seconds()) throw refuse('TokenExpired', 'The token has expired.')
      return content
    },
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
