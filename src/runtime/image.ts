/** A picture made safe to keep and to show. */
export interface CleanImage {
  bytes: Uint8Array
  mime: 'image/jpeg' | 'image/png' | 'image/webp'
  thumb: Uint8Array
  width: number
  height: number
}

const LONGEST_SIDE = 2560
const THUMB_SIDE = 320

/** Pixels beyond which a picture is a bomb, not a photograph. */
const MOST_PIXELS = 80_000_000

/**
 * Turns the picture upright and writes it anew, which leaves out EXIF, GPS and whatever else was hidden in it; makes a thumbnail (WebP).
 * Throws when the bytes are no picture.
 */
export async function cleanImage(bytes: Uint8Array): Promise<CleanImage> {
  // Loaded with the first picture: it is large, and most processes never see one.
  const { default: sharp } = await import('sharp')
  const image = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'truncated' }).rotate()
  const format = (await image.metadata()).format
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
  return { bytes: data, mime, thumb, width: info.width, height: info.height }
}
