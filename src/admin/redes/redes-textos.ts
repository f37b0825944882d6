import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { enlaceFirmado } from '../../workflow/peticion/claves.ts'
import type { Panel } from '../deps.ts'

/** A place to write to in private. */
export interface Destino {
  clave: 'messenger' | 'instagram' | 'whatsapp' | 'web-chat'
  enlace: string
}

/** Where somebody who spoke on this account may be invited to. */
export function destinosDe(
  { channelOf, canales, publicUrl }: Pick<Panel, 'channelOf' | 'canales' | 'publicUrl'>,
  { channel, account }: { channel: string; account: string },
): Destino[] {
  const { whatsapp, instagram } = canales.redes
  const own = channelOf(channel, account)?.publicPosts?.privateLink
  const all: [Destino['clave'], string | undefined][] = [
    ['messenger', own],
    ['instagram', channel === 'instagram' && instagram ? `https://ig.me/m/${instagram}` : undefined],
    ['whatsapp', whatsapp && `https://wa.me/${whatsapp}`],
    ['web-chat', `${publicUrl}/`],
  ]
  return all.flatMap(([clave, enlace]) => (enlace ? [{ clave, enlace }] : []))
}

/** What a person reads who is invited. */
export const invitacion = ({ mensajes }: Pick<Panel, 'mensajes'>, { enlace }: Destino): string =>
  mensajes.redes.invitacion.replaceAll('{enlace}', enlace)

const elegida = z.object({
  publica: z.coerce.number().int().min(0).optional().catch(undefined),
  privada: z.coerce.number().int().min(0).optional().catch(undefined),
})

/** The canned texts, and the ones chosen by the address. Those with a folio only where there is one that may be told. */
export function plantillasDe(
  { mensajes, secretKey, publicUrl }: Panel,
  request: FastifyRequest,
  peticion: { folio: string; reservada: boolean } | null,
) {
  const { publica, privada } = elegida.parse(request.query ?? {})
  const folio = peticion && !peticion.reservada ? peticion.folio : undefined
  const values: Record<string, string> = folio ? { folio, enlace: enlaceFirmado({ secretKey, publicUrl }, folio) } : {}
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  const privadas = mensajes.redes.privadas.map(({ titulo, texto }) => ({ titulo, texto: fill(texto) }))
  const { publicas } = mensajes.redes
  return {
    plantillas: { publicas, privadas: privadas.map((one) => ({ ...one, ofrecida: !/\{\w+\}/.test(one.texto) })) },
    textoPublico: publicas[publica ?? -1]?.texto ?? '',
    textoPrivado: privadas[privada ?? -1]?.texto ?? '',
  }
}
