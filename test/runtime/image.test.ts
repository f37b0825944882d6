import sharp from 'sharp'
import { expect, it } from 'vitest'
import { cleanImage } from '../../src/runtime/image.ts'

const blank = (width: number, height = width) =>
  sharp({ create: { width, height, channels: 3, background: 'white' }, limitInputPixels: false })

it('a photograph comes out upright, no larger than needed, and without what was hidden in it', async () => {
  const hidden = { IFD0: { Copyright: 'Juan Secreto' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '22/1 23/1 0/1' } }
  const bytes = await blank(4000, 3000).withMetadata({ orientation: 6 }).withExifMerge(hidden).jpeg().toBuffer()
  expect(bytes.includes('Juan Secreto')).toBe(true)
  const clean = await cleanImage(bytes)
  expect(clean).toMatchObject({ mime: 'image/jpeg', width: 1920, height: 2560 })
  expect(Buffer.from(clean.bytes).includes('Juan Secreto')).toBe(false)
  expect((await sharp(clean.bytes).metadata()).exif).toBeUndefined()
})

// Two kilobytes of AVIF took 1.8 GB and a quarter of a minute.
it.each([
  ['AVIF', () => blank(4200).avif({ effort: 0 }).toBuffer()],
  ['WebP', () => blank(5400).webp({ lossless: true, effort: 0 }).toBuffer()],
  ['PNG', () => blank(5400).png({ progressive: true }).toBuffer()],
  ['JPEG', () => blank(8300).jpeg().toBuffer()],
])('a picture that is small as %s and enormous in memory is none', async (_format, draw) => {
  await expect(cleanImage(await draw())).rejects.toThrow(/pixels/)
})

it('a photograph of a good telephone is taken', async () => {
  const clean = await cleanImage(await blank(8000, 6000).jpeg().toBuffer())
  expect(clean).toMatchObject({ width: 2560, height: 1920 })
})
