import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { sabida } from '../conversation/flows/comprension/comprension.ts'
import { desempacar, traer } from '../conversation/flows/comprension/de-fabrica.ts'
import { leccionesDe } from '../conversation/flows/hacer-mundo.ts'
import type { Settings } from '../settings.ts'
import { vistasDeCatalogo } from '../workflow/catalogo/vistas-de-catalogo.ts'

const packed = z.instanceof(Uint8Array)

/** Megabytes that the other thread may use. */
const MEMORIA = 1_024

/**
 * Learns what these settings teach that is not known yet, in another thread: it takes seconds of work, in which this one goes on
 * answering. @throws what the other thread failed with.
 */
export async function aprenderAparte(settings: Settings): Promise<void> {
  const lecciones = Object.values(leccionesDe(settings, vistasDeCatalogo(settings.catalogo)))
  for (const { saber, catalogo } of lecciones) {
    if (sabida(saber, catalogo.categorias)) continue
    traer(desempacar(await enOtroHilo({ saber, categorias: catalogo.categorias })))
  }
}

function enOtroHilo(workerData: unknown): Promise<Buffer> {
  const worker = new Worker(new URL('./aprender-hilo.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MEMORIA },
  })
  worker.unref()
  const result = new Promise<Buffer>((resolve, reject) => {
    worker.once('message', (message: unknown) => {
      const read = packed.safeParse(message)
      if (read.success) resolve(Buffer.from(read.data))
      else reject(read.error)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the learning ended before it was done')))
  })
  return result.finally(() => worker.terminate())
}
