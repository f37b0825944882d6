import { DateTime } from 'luxon'
import { antesDe } from '../avisos.ts'
import { fechaEscrita } from '../idioma/fechas.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { trasElFolio } from '../otra-cosa.ts'
import { campos, categoriaDe } from '../registrar/campos.ts'
import type { AvisoActivo } from './services.ts'

/** For which subject and colonia it was looked up: said anew, it is looked up anew. */
const buscado = (contexto: Contexto): string => {
  const { categoria, colonia } = campos(contexto)
  return [categoria, colonia].join('|')
}

function buscar(contexto: Contexto): Promise<AvisoActivo | undefined> {
  const { categoria = '', colonia } = campos(contexto)
  return contexto.services.avisoActivo(categoria, colonia || undefined)
}

function hastaCuando({ hasta }: AvisoActivo, { mensajes, entorno, services }: Contexto): string {
  const fin = DateTime.fromJSDate(hasta, { zone: entorno.zona })
  const hora = fin.toFormat('H:mm')
  const hoy = fin.hasSame(DateTime.fromJSDate(services.now(), { zone: entorno.zona }), 'day')
  if (hoy) return mensajes.text('aviso_activo.hoy', { hora })
  return mensajes.text('aviso_activo.otro_dia', { fecha: fechaEscrita(fin, 'dia', mensajes.locale), hora })
}

/** The municipality knows of it already: heard before anything more is asked, and no petition is needed. */
export const avisoActivo: Paso = {
  id: 'aviso_activo',
  when: (contexto) => categoriaDe(contexto)?.reservada === false,
  filled: (contexto) => campos(contexto).avisoBuscado === buscado(contexto),
  prepare: async (contexto) => {
    const hay = await buscar(contexto)
    if (!hay) return { avisoBuscado: buscado(contexto) }
    await contexto.services.anotarAvisoOido(hay.id)
    return {}
  },
  ask: async (contexto) => {
    const { mensajes } = contexto
    const hay = await buscar(contexto)
    const reportar = opcion(mensajes, 'reportar_de_todos_modos', [...mensajes.words('no'), ...mensajes.words('otra')])
    if (!hay) return { text: mensajes.text('aviso_activo.ya_no'), options: [reportar] }
    const basta = opcion(mensajes, 'con_eso_basta', mensajes.words('gracias'))
    // Who wants not to be known is not written to.
    const avisarme = campos(contexto).anonima === true ? [] : [opcion(mensajes, 'avisarme', mensajes.words('si'))]
    const text = mensajes.text('aviso_activo.hay', { texto: hay.texto, hasta: hastaCuando(hay, contexto) })
    return { text, options: [...avisarme, basta, reportar] }
  },
  read: async ({ option }, contexto): Promise<Movida> => {
    const { mensajes, services } = contexto
    if (option === undefined) return { to: 'miss' }
    if (option === 'con_eso_basta') return { ...trasElFolio(contexto), say: [mensajes.text('aviso_activo.enterado')] }
    const reporta: Movida = { to: 'next', set: { avisoBuscado: buscado(contexto) } }
    if (option !== 'avisarme') return reporta
    const hay = await buscar(contexto)
    if (!hay || !(await services.avisarAlTerminar(hay.id)))
      return { ...reporta, say: [mensajes.text('aviso_activo.ya_no')] }
    return { ...(await antesDe(trasElFolio(contexto), contexto)), say: [mensajes.text('aviso_activo.sumado')] }
  },
}
