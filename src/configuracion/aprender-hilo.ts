import { parentPort, workerData } from 'node:worker_threads'
import { estudiar, type Saber } from '../conversation/flows/comprension/comprension.ts'
import { empacar } from '../conversation/flows/comprension/de-fabrica.ts'
import type { CategoriaVista } from '../conversation/flows/vocabulary.ts'

// The other thread of `aprenderAparte`: it is handed a lesson that this program read, and answers with what it teaches.

const { saber, categorias }: { saber: Saber; categorias: readonly CategoriaVista[] } = workerData
parentPort?.postMessage(empacar(estudiar(saber, categorias)))
