import type { MetaProfile } from '../canales.ts'
import type { OutboundMessage } from '../message.ts'

/** A template as the settings name it. */
export type Template = NonNullable<MetaProfile['plantilla']>

/** Parameters of a template may have neither lines nor four spaces, and a body 1024 characters with its own words. */
const PARAMETER = 900

/** What a message says by a template that Meta approved; undefined when it has more than words, or too many. */
export function filledTemplate({ text, media, options }: OutboundMessage, template: Template): object | undefined {
  if (!text || media || options?.length) return undefined
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length > PARAMETER) return undefined
  const parameters = template.parametros.map((one) => ({ type: 'text', text: one.replaceAll('{texto}', () => line) }))
  const components = parameters.length > 0 ? [{ type: 'body', parameters }] : []
  return { name: template.nombre, language: { code: template.idioma }, components }
}
