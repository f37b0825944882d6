import { exifGps, type GpsPoint } from './exif-gps.ts'

/** A picture made safe to keep and to show. */
export interface CleanImage {
  bytes: Uint8Array
  mime: 'image/jpeg' | 'image/png' | 'image/webp'
  thumb: Uint8Array
  width: number
  height: number
  /** Where it was taken, if it told; what is kept of it no longer does. */
  gps?: GpsPoint | undefined
}

const LONGEST_SIDE = 2560
const THUMB_SIDE = 320

/**
 * Pixels beyond which a picture is a bomb, not a photograph, by what a pixel costs: a telephone's JPEG is decoded as small as it is
 * needed; of AVIF two kilobytes can take gigabytes.
 */
const MOST_PIXELS: Record<string, number> = { jpeg: 64_000_000, png: 26_000_000, webp: 26_000_000 }
const MOST_OF_OTHERS = 16_000_000

/**
 * Turns the picture upright and writes it anew, which leaves out EXIF, GPS and whatever else was hidden in it; makes a thumbnail (WebP).
 * Throws when the bytes are no picture, or one of too many pixels.
 */
export async function cleanImage(bytes: Uint8Array): Promise<CleanImage> {
  const sharp = await loadSharp()
  const image = sharp(bytes, { failOn: 'truncated' }).rotate()
  const { format, width: across, height: down, exif } = await image.metadata()
  if (across * down > (MOST_PIXELS[format] ?? MOST_OF_OTHERS)) throw new Error(`${across} by ${down} pixels`)
  const upright = image.resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
  const output =
    format === 'png'
      ? upright.png()
      : format === 'webp'
        ? upright.webp({ quality: 85 })
        : upright.jpeg({ quality: 85, mozjpeg: false })
  const { data, info } = await output.toBuffer({ resolveWithObject: true })
  const thumb = await sharp(data)
    .resize({ width: THUMB_SIDE, height: THUMB_SIDE, fit: 'cover' })
    .webp({ quality: 75 })
    .toBuffer()
  const mime = format === 'png' ? 'image/png' : format === 'webp' ? 'image/webp' : 'image/jpeg'
  return { bytes: data, mime, thumb, width: info.width, height: info.height, gps: exif && exifGps(exif) }
}

/** Loaded with the first picture: it is large, and most processes never see one. One thread and no cache keep it small afterwards. */
async function loadSharp() {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  return sharp
}
