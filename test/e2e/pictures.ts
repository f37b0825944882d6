import { createRandom } from '../../src/commands/demo/random.ts'
import { drawScene, drawSignedForm } from '../../src/commands/demo/scenes.ts'

/** What the citizen photographs. */
export const PHOTO = drawScene('bache', createRandom(1)).then((bytes) => Uint8Array.from(bytes))

/** What the enlace scans. */
export const SIGNED = drawSignedForm('FORMATO', createRandom(2)).then((bytes) => Uint8Array.from(bytes))
