/** A picture of one point. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const padded = (beginning: Buffer) => Buffer.concat([beginning, Buffer.alloc(5_000, 'x')])

/** Files that begin as what they are, longer than one block of their cipher. */
export const OGG = padded(Buffer.from('OggS'))
export const MP4 = padded(Buffer.from('\0\0\0\x18ftypmp42'))
export const PDF = padded(Buffer.from('%PDF-1.7\n'))
export const WEBP = padded(Buffer.from('RIFF\0\0\0\0WEBPVP8 '))
