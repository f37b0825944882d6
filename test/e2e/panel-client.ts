import { insist } from './insist.ts'

/** A page of the panel as a browser would show it. */
export interface Page {
  status: number
  url: string
  html: string
}

/** A file to be attached in a form. */
export interface Scan {
  field: string
  bytes: Uint8Array<ArrayBuffer>
  name: string
  mime: string
}

/** A browser without JavaScript: it keeps the cookie, follows redirects, and sends forms with all that is hidden in them. */
export interface PanelClient {
  open(path: string): Promise<Page>
  download(path: string): Promise<{ status: number; type: string; bytes: Buffer }>
  /** Sends the form of `page` that goes to `action`. @throws {Error} when the page has no such form. */
  submit(page: Page, action: string, fields?: Record<string, string>, scan?: Scan): Promise<Page>
}

export function createPanelClient(base: string): PanelClient {
  let cookie = ''

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { accept: 'text/html', origin: base, cookie, ...init.headers }
    const response = await insist(() => fetch(new URL(path, base), { redirect: 'manual', ...init, headers }))
    for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? ''
    return response
  }
  async function show(response: Response): Promise<Page> {
    const location = response.headers.get('location')
    if (location !== null && response.status >= 300 && response.status < 400) return show(await send(location))
    return { status: response.status, url: response.url, html: await response.text() }
  }

  return {
    open: async (path) => show(await send(path)),
    async download(path) {
      const response = await send(path)
      const bytes = Buffer.from(await response.arrayBuffer())
      return { status: response.status, type: response.headers.get('content-type') ?? '', bytes }
    },
    async submit(page, action, fields = {}, scan) {
      const all = { ...hiddenIn(page, action), ...fields }
      return show(await send(action, { method: 'POST', body: scan ? withFile(all, scan) : new URLSearchParams(all) }))
    },
  }
}

function withFile(fields: Record<string, string>, { field, bytes, name, mime }: Scan): FormData {
  const form = new FormData()
  for (const [key, value] of Object.entries(fields)) form.append(key, value)
  form.append(field, new Blob([bytes], { type: mime }), name)
  return form
}

function hiddenIn({ html, url }: Page, action: string): Record<string, string> {
  const form = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find(([, attributes]) =>
    attributes?.includes(`action="${action}"`),
  )
  if (!form) throw new Error(`${url} has no form that goes to ${action}`)
  const inputs = [...(form[2] ?? '').matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return Object.fromEntries(inputs.map(([, name, value]) => [name, readable(value ?? '')]))
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const readable = (text: string) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity)
