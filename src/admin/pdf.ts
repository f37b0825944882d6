import { buffer } from 'node:stream/consumers'
import type PDFDocument from 'pdfkit'

// Both libraries are loaded with the first paper: they are large, and a process that only chats never needs them.
const bwip = async () => (await import('bwip-js/node')).default

/** A document under way. */
export type Pdf = InstanceType<typeof PDFDocument>

/** Draws a document and gives its bytes; `size` in points, or a name as `LETTER`. */
export async function createPdf(
  { size, margin, title }: { size: string | [number, number]; margin: number; title: string },
  draw: (doc: Pdf) => Promise<void>,
): Promise<Buffer> {
  const { default: Document } = await import('pdfkit')
  const doc = new Document({ size, margin, bufferPages: true, lang: 'es-MX', info: { Title: title } })
  const bytes = buffer(doc)
  await draw(doc)
  doc.end()
  return bytes
}

/** The fonts every reader has know Windows-1252 and nothing else: an emoji must not become garbage. */
export function imprimible(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(
      /[^\n\u0020-\u007E\u00A0-\u00FF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u2013\u2014\u2018-\u201A\u201C-\u201E\u2020-\u2022\u2026\u2030\u2039\u203A\u20AC\u2122]/gu,
      '',
    )
}

/** A QR code as PNG. */
export const qr = async (text: string): Promise<Buffer> => (await bwip()).toBuffer({ bcid: 'qrcode', text, scale: 4 })

/** A Code 128 bar code as PNG. */
export const barras = async (text: string): Promise<Buffer> =>
  (await bwip()).toBuffer({ bcid: 'code128', text, scale: 3, height: 9, includetext: false })
