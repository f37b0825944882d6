import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { paginasMarkdown, picturedRoutes, picturesOf } from './e2e/paginas.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DOCS = join(ROOT, 'docs')

/** README.md and every document beside the pictures. */
async function documents(): Promise<{ path: string; text: string }[]> {
  const names = (await readdir(DOCS)).filter((name) => name.endsWith('.md'))
  const paths = [join(ROOT, 'README.md'), ...names.map((name) => join(DOCS, name))]
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })))
}

/** What a document points to within the repository: files, with the place in them after the #. */
const targets = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)|<img[^>]+src="([^"]+)"/g)]
    .map(([, link, image]) => link ?? image ?? '')
    .filter((one) => !/^(https?:|mailto:)/.test(one))

/** The anchor that a heading gets. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

async function anchorsOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchor(heading))
}

async function broken(path: string, target: string): Promise<boolean> {
  const [file = '', place] = target.split('#')
  const full = file === '' ? path : join(dirname(path), decodeURI(file))
  if (!existsSync(full)) return true
  return place !== undefined && full.endsWith('.md') && !(await anchorsOf(full)).includes(decodeURI(place))
}

/** What is asked for by a page and is none: files, and the parts of a page that come new by themselves. */
const NO_PAGE =
  /\.(pdf|json|csv|zip|js|css)$|\/publico\/\*$|\/\*$|\/(avance|novedades|cambios|hilo|lista|vivo|cola|campana|eventos|presencia|archivo|miniatura)$|^\/admin\/(canales\/avisos|adjuntos\/:id|sala\/:token\/turnos|configuracion\/documentos\/:documento)$/

describe('the documents', () => {
  it('point to nothing that is not there', async () => {
    const wrong: string[] = []
    for (const { path, text } of await documents()) {
      for (const target of targets(text)) {
        if (await broken(path, target)) wrong.push(`${relative(ROOT, path)}: ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('show every picture there is, and there is every one of every page', async () => {
    const shown = new Set<string>()
    for (const { path, text } of await documents()) {
      for (const target of targets(text)) shown.add(join(dirname(path), target))
    }
    const there = await readdir(join(DOCS, 'img'))
    expect(there.filter((name) => !shown.has(join(DOCS, 'img', name)))).toEqual([])
    expect(there.toSorted()).toEqual(picturesOf().toSorted())
  })

  it('have a picture of every page of the panel, as the matrix of permissions lists them', async () => {
    const matrix = await readFile(join(ROOT, 'test/admin/permisos.yaml'), 'utf8')
    const routes = [...matrix.matchAll(/^ {2}GET (\S+):/gm)].map(([, route = '']) => route)
    const pages = new Set(routes.filter((route) => !NO_PAGE.test(route)))
    expect(pages.size).toBeGreaterThan(40)
    expect([...pages].filter((route) => !picturedRoutes().has(route))).toEqual([])
    expect([...picturedRoutes()].filter((route) => route.startsWith('/admin') && !pages.has(route))).toEqual([])
  })

  it('quote what the panel says when something goes wrong as it says it', async () => {
    const views = join(ROOT, 'src/admin/views')
    const said = (await Promise.all((await readdir(views)).map((name) => readFile(join(views, name), 'utf8'))))
      .join('\n')
      .replaceAll(/<\/?(strong|em)>/g, '')
      .toLowerCase()
    const manuals = (await documents()).filter(({ path }) => /manual-\w+\.md$/.test(path))
    const quoted = manuals.flatMap(({ path, text }) =>
      [...text.matchAll(/^\| \*([^*]+)\* \|/gm)].map(([, words = '']) => ({ path: relative(DOCS, path), words })),
    )
    expect(quoted.length).toBeGreaterThan(15)
    expect(quoted.filter(({ words }) => !said.includes(words.toLowerCase()))).toEqual([])
  })

  it('have the contact sheet of the pages as the table says them', async () => {
    expect(await readFile(join(DOCS, 'paginas.md'), 'utf8')).toBe(paginasMarkdown())
  })
})
