/** Where a picture was taken, in degrees. */
export interface GpsPoint {
  latitude: number
  longitude: number
}

/** A TIFF header and its directories, in the byte order that the header names. */
interface Tiff {
  view: DataView
  little: boolean
}

/** One entry of a directory (Exif 2.3, 4.6.2): tag, type, count, and the value or where it lies. */
const ENTRY = 12
const GPS_DIRECTORY = 0x8825
const [LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE] = [1, 2, 3, 4] as const
const RATIONAL = 5

/**
 * Reads the position out of an EXIF block, with or without its `Exif` mark; undefined when there is none or it is broken. Whoever sends
 * the picture decides what stands in it: every offset is checked, and 0° 0′ counts as none.
 */
export function exifGps(exif: Uint8Array): GpsPoint | undefined {
  try {
    const tiff = open(exif)
    const gps = tiff && entryAt(tiff, tiff.view.getUint32(4, tiff.little), GPS_DIRECTORY)
    if (!tiff || gps === undefined) return undefined
    const directory = tiff.view.getUint32(gps + 8, tiff.little)
    const latitude = signed(tiff, directory, LATITUDE, LATITUDE_REF, 'S')
    const longitude = signed(tiff, directory, LONGITUDE, LONGITUDE_REF, 'W')
    return isPlace(latitude, longitude) ? { latitude, longitude } : undefined
  } catch (error) {
    // An offset beyond the end.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const isPlace = (latitude: number, longitude: number) =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0)

function open(exif: Uint8Array): Tiff | undefined {
  const marked = String.fromCharCode(...exif.subarray(0, 4)) === 'Exif'
  const bytes = exif.subarray(marked ? 6 : 0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const order = view.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return undefined
  const little = order === 0x4949
  return view.getUint16(2, little) === 42 ? { view, little } : undefined
}

/** Offset of the entry with this tag. */
function entryAt({ view, little }: Tiff, directory: number, tag: number): number | undefined {
  const count = view.getUint16(directory, little)
  for (let at = directory + 2; at < directory + 2 + count * ENTRY; at += ENTRY) {
    if (view.getUint16(at, little) === tag) return at
  }
  return undefined
}

/** Degrees, minutes and seconds as one number, negative to the south and west; NaN when it is missing. */
function signed(tiff: Tiff, directory: number, tag: number, refTag: number, negative: string): number {
  const { view, little } = tiff
  const [at, ref] = [entryAt(tiff, directory, tag), entryAt(tiff, directory, refTag)]
  if (at === undefined || ref === undefined) return Number.NaN
  if (view.getUint16(at + 2, little) !== RATIONAL || view.getUint32(at + 4, little) !== 3) return Number.NaN
  const values = view.getUint32(at + 8, little)
  const part = (index: number) =>
    view.getUint32(values + index * 8, little) / view.getUint32(values + index * 8 + 4, little)
  const degrees = part(0) + part(1) / 60 + part(2) / 3600
  return String.fromCharCode(view.getUint8(ref + 8)) === negative ? -degrees : degrees
}
