import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { explore } from '../workflow/flow-map/explore.ts'
import { leerSettings } from './carpeta.ts'

// The other thread of `explorar`: told what to explore, it says how far it is, then what it found.

const textos = z.record(z.string(), z.string())
const { documentos, variables, publicUrl, most } = z
  .object({ documentos: textos, variables: textos, publicUrl: z.string(), most: z.number().optional() })
  .parse(workerData)

/** Messages between two words about how far it is. */
const CADA = 50

let dicho = 0
const settings = await leerSettings(documentos, variables)
const { faults } = await explore(settings, publicUrl, {
  most,
  progress: (mensajes) => {
    if (mensajes - dicho < CADA) return
    dicho = mensajes
    parentPort?.postMessage({ mensajes })
  },
})
parentPort?.postMessage({ fallas: [...new Set(faults)] })
