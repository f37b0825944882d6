import type { LeerConfiguracion } from '../../workflow/configuracion/publicar.ts'
import type { Documentos } from '../../workflow/configuracion/versiones.ts'
import type { Replayed } from '../../workflow/replay/replay.ts'

/** How far the trial before a publication is: messages of the conversation that was held in every way, or stored conversations. */
export interface Avance {
  paso: 'explorar' | 'repetir'
  hechas: number
}

/** What the pages of the configuration are given. */
export interface ConfiguracionDelPanel {
  /** Reads and checks a whole configuration. @throws {StartupProblem} */
  leer: LeerConfiguracion
  /** Holds the stored conversations again with these documents; see `npm run replay`. @throws {StartupProblem} */
  probar(documentos: Documentos, avance?: (avance: Avance) => void): Promise<Replayed>
  /** Takes up in this process what was published. */
  ponerseAlDia(): Promise<void>
}
