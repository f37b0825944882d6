import type { Random } from './random.ts'
import { drawScene, drawSignedForm } from './scenes.ts'

/** Gives the drawing of a reference such as `bache/2`, each drawn once. */
export function createPhotos(random: Random): (ref: string) => Promise<Uint8Array<ArrayBuffer>> {
  const drawn = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  return (ref) => {
    const known = drawn.get(ref) ?? draw(ref, random)
    drawn.set(ref, known)
    return known
  }
}

async function draw(ref: string, random: Random): Promise<Uint8Array<ArrayBuffer>> {
  const [scene = ''] = ref.split('/')
  return Uint8Array.from(
    await (scene === 'comprobante' ? drawSignedForm('COMPROBANTE', random) : drawScene(scene, random)),
  )
}
