import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { exifGps } from '../../src/runtime/exif-gps.ts'
import { cleanImage } from '../../src/runtime/image.ts'

const blank = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } })
const GPS = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '22/1 24/1 432/100',
  GPSLongitudeRef: 'W',
  GPSLongitude: '97/1 55/1 5556/100',
}
const taken = (gps: Record<string, string>) =>
  blank()
    .withExif({ IFD0: { Make: 'X' }, IFD3: gps })
    .jpeg()
    .toBuffer()

describe('where a photograph was taken', () => {
  it('is read from its EXIF, and what is kept of it no longer says so', async () => {
    const { gps, bytes } = await cleanImage(await taken(GPS))
    expect(gps?.latitude).toBeCloseTo(22.4012, 4)
    expect(gps?.longitude).toBeCloseTo(-97.9321, 4)
    expect((await sharp(bytes).metadata()).exif).toBeUndefined()
    expect((await cleanImage(Buffer.from(bytes))).gps).toBeUndefined()
  })

  it('is nowhere without a position, or with one that cannot be', async () => {
    expect((await cleanImage(await blank().jpeg().toBuffer())).gps).toBeUndefined()
    const none = { GPSLatitudeRef: 'N', GPSLatitude: '0/1 0/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 0/1 0/1' }
    for (const wrong of [none, { ...GPS, GPSLatitude: '200/1 0/1 0/1' }, { ...GPS, GPSLongitude: '97/0 0/0 0/0' }])
      expect((await cleanImage(await taken(wrong))).gps).toBeUndefined()
  })

  it('is read from nothing broken, whatever its bytes', async () => {
    const { exif = Buffer.alloc(0) } = await sharp(await taken(GPS)).metadata()
    expect(exifGps(exif)).toBeDefined()
    for (let length = 0; length < exif.length; length++) exifGps(exif.subarray(0, length))
    for (let at = 0; at < exif.length; at++) {
      const spoiled = Buffer.from(exif)
      spoiled[at] = 0xff
      exifGps(spoiled)
    }
    expect(exifGps(exif.subarray(0, 30))).toBeUndefined()
  })
})
