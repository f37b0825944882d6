import { Eta } from 'eta'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isHtmx } from './guard.ts'
import { createPalabras, type Palabras } from './palabras.ts'

/** Puts a page together from its view and answers with it. */
export interface Pages {
  /** A whole page, or a part of one when `view` begins with `_`. */
  show(request: FastifyRequest, reply: FastifyReply, view: string, data?: object, status?: number): FastifyReply
  palabras: Palabras
}

/** What the pages are made with. */
export interface PagesOptions {
  /** Absolute folder of the `.eta` files. */
  views: string
  zone: string
  now(): Date
  /** What every page is given beside its own data. */
  common(request: FastifyRequest): object
}

/** Every interpolation of a view is escaped; the texts and times of `Palabras` are at hand in all of them. */
export function createPages({ views, zone, now, common }: PagesOptions): Pages {
  const palabras = createPalabras(zone, now)
  const names = Object.keys(palabras).join(', ')
  const eta = Object.assign(new Eta({ views, cache: true, functionHeader: `const { ${names} } = this.palabras` }), {
    palabras,
  })
  return {
    palabras,
    show: (request, reply, view, data = {}, status = 200) =>
      reply
        .code(status)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('vary', 'HX-Request')
        .send(eta.render(view, { ...common(request), ...data, parte: isHtmx(request) })),
  }
}
