import { createRandom } from './random.ts'
import { drawScene, drawSignedForm } from './scenes.ts'

/** Gives the drawing of a reference such as `bache/2`: each is drawn once, and always the same. */
export function createPhotos(): (ref: string) => Promise<Uint8Array<ArrayBuffer>> {
  const drawn = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  return (ref) => {
    const known = drawn.get(ref) ?? draw(ref)
    drawn.set(ref, known)
    return known
  }
}

async function draw(ref: string): Promise<Uint8Array<ArrayBuffer>> {
  const [scene = ''] = ref.split('/')
  // Files are fetched while the talk goes on: a chance shared with it would fall differently each time.
  const random = createRandom([...ref].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7))
  return Uint8Array.from(
    await (scene === 'comprobante' ? drawSignedForm('COMPROBANTE', random) : drawScene(scene, random)),
  )
}
