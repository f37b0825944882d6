/** @import { Activity, ActivitySet, ConversationGrant, Session } from './types.d.ts' */

/** Milliseconds for an answer; a file may take as long as it likes while it moves. */
const PATIENCE = 20_000
const STALL = 60_000

/** An answer that is not a success; status 0 when there was none. `retryAfter` in seconds. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {number} [retryAfter]
   */
  constructor(status, retryAfter) {
    super(`Direct Line answered ${status}`)
    this.status = status
    this.retryAfter = retryAfter
  }

  /** Is it worth asking the very same again? */
  get transient() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

/** @typedef {ReturnType<typeof directLine>} DirectLine */

/**
 * Direct Line 3.0 by its HTTP calls, each made once; they throw ApiError.
 * @param {string} base where the server is, with a trailing slash
 */
export function directLine(base) {
  const root = new URL('v3/directline/', base).href
  /** @param {Session} session */
  const of = (session) => `${root}conversations/${encodeURIComponent(session.conversationId)}`
  return {
    /**
     * A conversation with a known user is greeted.
     * @param {string} locale
     * @returns {Promise<ConversationGrant>}
     */
    async create(locale) {
      const granted = await call(`${root}tokens/generate`, { method: 'POST' })
      const body = { user: { id: 'ciudadano' }, locale }
      return { ...granted, ...(await call(`${root}conversations`, { method: 'POST', token: granted.token, body })) }
    },

    /**
     * @param {Session} session
     * @returns {Promise<ConversationGrant>}
     */
    renew: ({ token, resumeToken }) => call(`${root}tokens/refresh`, { method: 'POST', token: resumeToken ?? token }),

    /**
     * @param {Session} session
     * @param {string} watermark
     * @returns {Promise<ConversationGrant>}
     */
    reconnect: (session, watermark) => call(of(session) + after(watermark), { token: session.token }),

    /**
     * @param {Session} session
     * @param {string} watermark
     * @returns {Promise<ActivitySet>}
     */
    activities: (session, watermark) => call(`${of(session)}/activities${after(watermark)}`, { token: session.token }),

    /**
     * @param {Session} session
     * @param {Activity} activity
     * @returns {Promise<{ id: string }>}
     */
    post: (session, activity) =>
      call(`${of(session)}/activities`, { method: 'POST', token: session.token, body: activity }),

    /**
     * @param {Session} session
     * @param {Activity} activity
     * @param {File[]} files
     * @param {(share: number) => void} onProgress
     */
    upload: (session, activity, files, onProgress) =>
      upload(
        `${of(session)}/upload?userId=${encodeURIComponent(activity.from.id ?? '')}`,
        session.token,
        formOf(activity, files),
        onProgress,
      ),
  }
}

/** @param {string} watermark */
function after(watermark) {
  return watermark ? `?watermark=${encodeURIComponent(watermark)}` : ''
}

/**
 * @param {string} url
 * @param {{ method?: string, token?: string, body?: object }} [options]
 */
async function call(url, { method = 'GET', token, body } = {}) {
  /** @type {Record<string, string>} */
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  if (body) headers['content-type'] = 'application/json'
  const patience = new AbortController()
  /** @type {RequestInit} */
  const init = { method, headers, credentials: 'omit', cache: 'no-store', signal: patience.signal }
  if (body) init.body = JSON.stringify(body)
  const timer = setTimeout(() => patience.abort(), PATIENCE)
  try {
    const response = await fetch(url, init)
    if (!response.ok) throw new ApiError(response.status, Number(response.headers.get('retry-after')) || undefined)
    return await response.json()
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0) // no answer, or one that broke off
  } finally {
    clearTimeout(timer)
  }
}

/**
 * @param {Activity} activity
 * @param {File[]} files
 */
function formOf(activity, files) {
  const form = new FormData()
  form.append('activity', new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' }))
  for (const file of files) form.append('file', file, file.name)
  return form
}

/**
 * By XMLHttpRequest, because `fetch` does not tell how much of a file has left.
 * @param {string} url
 * @param {string} token
 * @param {FormData} form
 * @param {(share: number) => void} onProgress
 * @returns {Promise<void>}
 */
function upload(url, token, form, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('authorization', `Bearer ${token}`)
    const stalled = () => request.abort()
    let timer = setTimeout(stalled, STALL)
    request.upload.onprogress = ({ loaded, total }) => {
      clearTimeout(timer)
      timer = setTimeout(stalled, STALL)
      onProgress(total ? loaded / total : 0)
    }
    request.onloadend = () => {
      clearTimeout(timer)
      if (request.status >= 200 && request.status < 300) resolve()
      else reject(new ApiError(request.status, Number(request.getResponseHeader('retry-after')) || undefined))
    }
    request.send(form)
  })
}
