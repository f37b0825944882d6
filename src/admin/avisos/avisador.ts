import type { Logger } from 'pino'
import type { Database } from '../../runtime/database.ts'
import type { Mailer } from '../../runtime/mail.ts'
import { vigilar } from '../../workflow/avisos-personales/vigilar.ts'
import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import type { ConfiguredAccount } from '../../workflow/mensajes/account-state.ts'
import { createPalabras } from '../palabras.ts'
import { enviarCorreos } from './correo/enviar.ts'
import { cartaDeInforme, pedirInformes } from './informe-mensual.ts'
import { enviarPush } from './push/enviar.ts'
import { hacerResumenes, repartirAvisos } from './repartir.ts'

/** What telling the staff needs. */
export interface AvisadorDeps {
  database: Database
  municipio: Municipio
  /** Without a slash at the end. */
  publicUrl: string
  secretKey: string
  /** For the papers. */
  logo: Buffer | undefined
  channels: readonly ConfiguredAccount[]
  correo?: Mailer | undefined
  /** Push services in private networks too: for tests. */
  anyPushService?: boolean
  log: Logger
  now(): Date
}

/**
 * What looks whom of the staff to tell of what, decides by which way, and sends it. Run again, or twice at once, nobody hears it twice.
 */
export function createAvisador(deps: AvisadorDeps): () => Promise<void> {
  const palabras = createPalabras(deps.municipio.zona_horaria, deps.now)
  const all = { ...deps, correo: deps.correo, palabras }
  return async () => {
    const em = deps.database.fork()
    await vigilar(em, deps.channels)
    await repartirAvisos(em, deps)
    await hacerResumenes(em, deps)
    await pedirInformes(em, deps)
    await enviarPush(all)
    await enviarCorreos({ ...all, informe: (persona, correo) => cartaDeInforme(persona, correo, all) })
  }
}
