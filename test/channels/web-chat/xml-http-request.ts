/**
 * As much of a browser's XMLHttpRequest as Microsoft's Direct Line client uses, over `fetch`: Node has none.
 * Put it in place with `globalThis.XMLHttpRequest`.
 */
export class XmlHttpRequest {
  readyState = 0
  status = 0
  response: unknown = null
  responseType = ''
  timeout = 0
  onreadystatechange: (event: object) => void = () => undefined
  ontimeout: (event: object) => void = () => undefined
  #method = ''
  #url = ''
  #headers = new Headers()
  #answered = new Headers()
  #aborting = new AbortController()

  open(method: string, url: string): void {
    this.#method = method
    this.#url = url
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name, value)
  }

  getResponseHeader(name: string): string | null {
    return this.#answered.get(name)
  }

  send(body: string | FormData | null = null): void {
    void this.#send(body)
  }

  abort(): void {
    this.#aborting.abort()
  }

  async #send(body: string | FormData | null): Promise<void> {
    const { signal } = this.#aborting
    const init = { method: this.#method, headers: this.#headers, body, signal }
    try {
      const answer = await fetch(this.#url, init)
      const bytes = await answer.arrayBuffer()
      this.#answered = answer.headers
      this.status = answer.status
      this.response = this.responseType === 'json' ? parsed(bytes) : bytes
    } catch (error) {
      if (signal.aborted) return
      this.response = error
    }
    this.readyState = 4
    this.onreadystatechange({})
  }
}

/** A browser gives null for what is not JSON. */
function parsed(bytes: ArrayBuffer): unknown {
  const text = new TextDecoder().decode(bytes)
  return text === '' ? null : JSON.parse(text)
}
