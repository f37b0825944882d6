/** @import { Activity, ActivitySet, ConversationGrant, Session } from './types.d.ts' */

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
  /** @type {RequestInit} */
  const init = { method, headers, credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(20_000) }
  const response = await fetch(url, body ? { ...init, body: JSON.stringify(body) } : init).catch(() => {
    throw new ApiError(0)
  })
  if (!response.ok) throw new ApiError(response.status, Number(response.headers.get('retry-after')) || undefined)
  return response.json().catch(() => {
    throw new ApiError(0) // the line broke in the middle of the answer
  })
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
    request.timeout = 180_000
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0)
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve()
      else reject(new ApiError(request.status, Number(request.getResponseHeader('retry-after')) || undefined))
    }
    request.onerror = () => reject(new ApiError(0))
    request.ontimeout = request.onerror
    request.send(form)
  })
}
