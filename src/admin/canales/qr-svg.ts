/** A QR code as an SVG for a page: black on whatever lies below, with a name for who cannot see it. */
export async function qrSvg(text: string, nombre = 'Código QR para vincular'): Promise<string> {
  // Loaded with the first one: it is large, and few processes ever show one.
  const { default: bwip } = await import('bwip-js/node')
  const svg = bwip.toSVG({ bcid: 'qrcode', text })
  return svg.replace('<svg ', `<svg class="qr" role="img" aria-label="${nombre}" `)
}
