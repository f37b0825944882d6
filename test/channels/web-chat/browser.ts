import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { OutboundMessage } from '../../../src/channels/message.ts'
import { createTestDatabase } from '../../database.ts'
import { CHROMIUM } from '../../parts.ts'
import { type Bot, type RunningOptions, runWebChat } from './running-chat.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP *.example 127.0.0.1',
]

/** How a citizen comes to the chat. */
export interface VisitOptions extends BrowserContextOptions {
  /** Attributes of the script line on a site of another origin; without it, the town's own page. */
  site?: string
  /** Name of that site; pages of localhost may show the chat anyway. */
  host?: string
  /** Content-Security-Policy of that site; BASE stands for our server. */
  csp?: string
  /** Done before anything is loaded: faults, permissions. */
  before?: (page: Page) => Promise<unknown>
}

/** A real browser, a real server with its database, a site of another origin, and what citizens do there. */
export async function startBrowserChat(options: RunningOptions = {}) {
  const database = await createTestDatabase()
  const chat = await runWebChat(database, { bot, ...options })
  const site = await runSite(chat.base)
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS })
  const contexts: BrowserContext[] = []
  return {
    chat,
    siteUrl: site.url,
    async visit({
      site: attributes,
      host = 'localhost',
      csp = '',
      before,
      ...context
    }: VisitOptions = {}): Promise<Page> {
      const opened = await browser.newContext({ locale: 'es-MX', viewport: { width: 1000, height: 800 }, ...context })
      contexts.push(opened)
      const page = await opened.newPage()
      await before?.(page)
      const query = new URLSearchParams({ data: attributes ?? '', csp })
      await page.goto(attributes === undefined ? chat.base : `${site.url.replace('localhost', host)}?${query}`)
      return page
    },
    /** Leaves all pages, for `afterEach`. */
    async leave() {
      await Promise.all(contexts.splice(0).map((context) => context.close()))
    },
    async close() {
      await browser.close()
      site.close()
      await chat.close()
      await database.drop()
    },
    /** The messages that lie in the database, in the order of the conversation. */
    stored: () =>
      chat.rows<{ direction: 'in' | 'out'; kind: string; body: Record<string, unknown>; status: string }>(
        'select direction, kind, body, status from message order by conversation_id, seq',
      ),
    /** Forgets all conversations, for the next test. */
    empty: () => chat.rows('truncate message, conversation, address cascade'),
    /** Says something in the only conversation there is, as a notice does. */
    async say(message: OutboundMessage) {
      const [row] = await chat.rows<{ address: string }>('select external_id as address from address')
      if (!row) throw new Error('nobody has begun a conversation')
      const id = await chat.say(row.address, message)
      await chat.channel.send({ id: String(id), to: row.address, message }, AbortSignal.timeout(5000))
    },
  }
}

export type BrowserChat = Awaited<ReturnType<typeof startBrowserChat>>

/** A short conversation of the kind that ours has. */
const bot: Bot = ({ text, choice, location, media }, kind) => {
  if (kind === 'start') return [{ text: 'Hola, ¿en qué le ayudo?', options: MENU }]
  if (media) return [{ text: `Recibí ${media.length} archivos.` }]
  if (location) return [{ text: 'Recibí la ubicación.' }]
  if (choice?.id === 'reportar') return [{ text: '¿Dónde está?', requestLocation: 'Compartir mi ubicación' }]
  if (choice?.id === 'persona') return [{ text: 'Principio' }, { text: 'Largo. '.repeat(300) }, { text: 'Final' }]
  if (choice?.id === 'folio') return [{ text: 'Su folio es:\nUAC-26-004217-8\nClave: 7KQ2MHXD\nGuárdelo, por favor.' }]
  return [{ text: `Oí: ${text}` }]
}

const MENU = [
  { id: 'reportar', label: 'Reportar un problema' },
  { id: 'folio', label: 'Consultar un folio' },
  { id: 'persona', label: 'Hablar con una persona' },
]

/** A site that shows our widget by one line of its own. */
async function runSite(base: string) {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost')
    const csp = searchParams.get('csp')
    const policy = csp?.replaceAll('BASE', `${base} ${base.replace('http', 'ws')}`)
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      ...(policy && { 'content-security-policy': policy }),
    })
    const line = `<script src="${base}/widget.js" ${searchParams.get('data')} async></script>`
    const text = '<h1>Ayuntamiento</h1><p>Trámites y servicios. <a href="#predial">Predial</a></p>'
    response.end(`<!doctype html><html lang="es"><title>Ayuntamiento</title><main>${text}</main>${line}</html>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://localhost:${port}/`, close: () => server.close() }
}
