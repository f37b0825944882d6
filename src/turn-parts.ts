import { createConversations } from './conversation/flows/conversations.ts'
import type { House } from './house.ts'
import type { Environment } from './runtime/env.ts'
import type { Settings } from './settings.ts'
import { vistasDeCatalogo } from './workflow/catalogo/vistas-de-catalogo.ts'
import type { LimitsOf, StoreOutbound } from './workflow/mensajes/store-outbound.ts'
import { servicesFor } from './workflow/services.ts'

/** The parts of a turn for what is in force; a new configuration is learnt before it is, so that no turn waits for that. */
export function turnInForce({ configuracion }: House, make: (settings: Settings) => ReturnType<typeof turnParts>) {
  let current = make(configuracion.actual())
  configuracion.alCambiar((settings) => {
    const next = make(settings)
    next.learn()
    current = next
  })
  return () => current
}

/** Learns what turns will need, for whoever has time before the parts are made; the same settings are not learnt twice. */
export function learnAhead({ PUBLIC_URL }: Environment, settings: Settings): void {
  createConversations(settings, PUBLIC_URL).learn(vistasDeCatalogo(settings.catalogo))
}

/** The engine with this town's flows, and what a turn may ask of the rows. */
export function turnParts(
  env: Environment,
  house: Pick<House, 'settings' | 'secretKey'>,
  { enviar, limitsOf }: { enviar: StoreOutbound; limitsOf: LimitsOf },
  now: () => Date,
) {
  const { settings, secretKey } = house
  const { advance, returnToBot, propose, remind, release, isFreeText, apology, learn } = createConversations(
    settings,
    env.PUBLIC_URL,
  )
  const deps = {
    ...vistasDeCatalogo(settings.catalogo),
    municipio: settings.municipio,
    mensajes: settings.mensajes,
    secretKey,
    publicUrl: env.PUBLIC_URL,
    enviar,
    limitsOf,
    ahora: now,
  }
  return {
    advance,
    returnToBot,
    propose,
    remind,
    release,
    isFreeText,
    apology,
    learn: () => learn(deps),
    servicesFor: (em: Parameters<typeof servicesFor>[0], conversation: Parameters<typeof servicesFor>[1]) =>
      servicesFor(em, conversation, deps),
  }
}
