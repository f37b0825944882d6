import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import { sql } from '../../runtime/sql.ts'
import { diasInhabilesDe } from '../../workflow/catalogo/dias-inhabiles.ts'
import { alcance } from '../../workflow/permisos.ts'
import { type Persona, personalActivo } from '../../workflow/personal.ts'
import { esHabil } from '../../workflow/peticion/plazo.ts'
import { leerConsulta } from '../bandeja/filtros.ts'
import { SECCIONES } from '../menu.ts'
import { type LecturaDeTablero, leerTablero } from '../tableros/tablero.ts'
import { type Imprenta, informePdf } from '../tableros/tablero-pdf.ts'
import { type Carta, type ComposicionDeps, carta } from './correo/componer.ts'
import type { CorreoPendiente } from './correo/enviar.ts'
import { despuesDelSilencio } from './cuando.ts'
import { leerPreferencias, SIN_ELEGIR, silencioDe } from './preferencias.ts'

/** What the report is made with. */
export type InformeDeps = ComposicionDeps & LecturaDeTablero & Imprenta

/** Days after the first working one in which it is still sent: the program may have been off. */
const TARDE = 4

/** On the first working day of a month, writes the e-mail of each who asked for the report of the month before; once. */
export async function pedirInformes(em: EntityManager, deps: Pick<InformeDeps, 'municipio' | 'now'>): Promise<void> {
  const { municipio, now } = deps
  const local = DateTime.fromJSDate(now(), { zone: municipio.zona_horaria })
  if (local.day > 15) return
  const inhabiles = await diasInhabilesDe(em, municipio, now())
  let first = local.startOf('month')
  while (!esHabil(first.toFormat('yyyy-MM-dd'), inhabiles)) first = first.plus({ days: 1 })
  if (local < first || local > first.plus({ days: TARDE })) return
  const personas = (await personalActivo(em)).filter(puedeTenerlo)
  const elegidas = await leerPreferencias(
    em,
    personas.map(({ id }) => id),
  )
  const clave = local.minus({ months: 1 }).toFormat('yyyy-MM')
  for (const { id } of personas) {
    const preferencias = elegidas.get(id) ?? SIN_ELEGIR
    if (!preferencias.informeMensual) continue
    const due = despuesDelSilencio(now(), silencioDe(preferencias, municipio), municipio.zona_horaria)
    await sql(
      em,
      `insert into correo (usuario_id, clase, clave, due_at) values ($1, 'informe', $2, $3) on conflict do nothing`,
      [id, clave, due],
    )
  }
}

/** The report of the month that the row names, of what this person may see now; undefined for whoever has no dashboard any more. */
export async function cartaDeInforme(
  persona: Persona,
  { clave }: Pick<CorreoPendiente, 'clave'>,
  deps: InformeDeps,
): Promise<Carta | undefined> {
  const month = DateTime.fromISO(clave, { zone: 'utc' })
  if (!puedeTenerlo(persona) || !month.isValid || alcance(persona).sql === 'false') return undefined
  const iso = (at: DateTime) => at.toFormat('yyyy-MM-dd')
  const consulta = { ...leerConsulta({}), del: iso(month.startOf('month')), al: iso(month.endOf('month')) }
  const tablero = await leerTablero(deps, persona, consulta)
  const content = await informePdf(deps, tablero, persona.nombre)
  const mes = month.setLocale('es-MX').toFormat("LLLL 'de' yyyy")
  const { t } = deps.palabras
  const renglon = {
    texto: t('correo.informe_texto', {
      mes,
      recibidas: tablero.total.recibidas.toLocaleString('es-MX'),
      pendientes: tablero.total.pendientes.toLocaleString('es-MX'),
      vencidas: tablero.total.vencidas.toLocaleString('es-MX'),
    }),
    href: `${deps.publicUrl}/admin/tablero?del=${consulta.del}&al=${consulta.al}`,
  }
  const written = carta(persona, t('correo.informe', { mes }), [renglon], deps)
  return { ...written, attachments: [{ filename: `informe-${clave}.pdf`, content, contentType: 'application/pdf' }] }
}

const puedeTenerlo = ({ roles }: Persona) => SECCIONES.tablero.acceso.some((rol) => roles.includes(rol))
