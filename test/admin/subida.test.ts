import { expect, it } from 'vitest'
import { type ArchivoGuardado, borrarTrasFallo } from '../../src/admin/subida.ts'

const OFICIO: ArchivoGuardado = {
  id: 'a',
  kind: 'image',
  mime: 'image/jpeg',
  fileName: 'oficio.jpg',
  bytes: 1,
  storageKey: 'adjuntos/a',
  thumbKey: 'adjuntos/a.thumb',
  width: 1,
  height: 1,
}

it.each([
  ['the rows were refused', new Error('no'), ['adjuntos/a', 'adjuntos/a.thumb']],
  ['the line broke while they were committed', new Error('Connection terminated unexpectedly'), []],
  ['the server went away', Object.assign(new Error('?'), { code: 'ECONNRESET' }), []],
])('of files that were stored for a form, these go when %s', async (_why, error, expected) => {
  const gone: string[] = []
  const files = {
    put: async () => {},
    get: async () => new Uint8Array(),
    delete: async (key: string) => void gone.push(key),
  }
  await borrarTrasFallo(files, [OFICIO], error)
  expect(gone).toEqual(expected)
})
