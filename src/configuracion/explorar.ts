import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Documentos } from '../workflow/configuracion/versiones.ts'

/** What an exploration is made of; all of it is handed to another thread. */
export interface PorExplorar {
  documentos: Documentos
  variables: Readonly<Record<string, string>>
  publicUrl: string
  /** How many different questions are looked at; all of them unless told. */
  most?: number
}

/** Finds what `npm run config:check` finds by holding the conversation in every way; told after some messages how many were answered. */
export type Explorar = (que: PorExplorar, avance: (mensajes: number) => void) => Promise<string[]>

const said = z.union([z.object({ mensajes: z.number() }), z.object({ fallas: z.array(z.string()) })])

/** Megabytes that the other thread may use. */
const MEMORIA = 1_024

/**
 * Explores in another thread: it takes seconds of work, in which this one goes on answering.
 * @throws what the other thread failed with.
 */
export function explorar(
  { documentos, variables, publicUrl, most }: PorExplorar,
  avance: (mensajes: number) => void,
): Promise<string[]> {
  const worker = new Worker(new URL('./explorar-hilo.ts', import.meta.url), {
    workerData: { documentos: { ...documentos }, variables: { ...variables }, publicUrl, most },
    resourceLimits: { maxOldGenerationSizeMb: MEMORIA },
  })
  worker.unref()
  const result = new Promise<string[]>((resolve, reject) => {
    worker.on('message', (message: unknown) => {
      const one = said.parse(message)
      if ('fallas' in one) resolve(one.fallas)
      else avance(one.mensajes)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the exploration ended before it was done')))
  })
  return result.finally(() => worker.terminate())
}
