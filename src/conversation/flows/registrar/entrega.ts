import { antesDe } from '../avisos.ts'
import type { Contexto, Movida } from '../mundo.ts'
import { trasElFolio } from '../otra-cosa.ts'
import type { BorradorPeticion, CategoriaVista, DatoGeneral } from '../vocabulary.ts'
import { campoDePregunta, campoDeRequisito, campos, categoriaDe, textoDe } from './campos.ts'

/** What is handed in to be registered. */
export function borrador(contexto: Contexto): BorradorPeticion {
  const categoria = categoriaDe(contexto)
  if (!categoria) throw new Error('a petition without category was confirmed')
  const { ubicacion, adjuntos = [], anonima = false } = campos(contexto)
  const dichos = (ids: readonly string[], campo: (id: string) => string) =>
    Object.fromEntries(
      ids.flatMap((id) => {
        const valor = textoDe(contexto, campo(id))
        return valor ? [[id, valor]] : []
      }),
    )
  return {
    categoria: categoria.id,
    descripcion: descripcionDe(categoria, contexto),
    ...(ubicacion && { ubicacion }),
    datos: datos(contexto, anonima),
    respuestas: dichos(
      categoria.preguntas.map(({ id }) => id),
      campoDePregunta,
    ),
    requisitos: dichos(
      categoria.requisitos.map(({ id }) => id),
      campoDeRequisito,
    ),
    fotos: adjuntos.map(({ id }) => id),
    anonima,
  }
}

/** What was said; the staff also reads from which petition this one goes on, but where nothing may lead to who made it. */
function descripcionDe({ nombre, nombreOficial }: CategoriaVista, contexto: Contexto): string {
  const { asunto, descripcion, anterior, anonima } = campos(contexto)
  const dicho = descripcion || asunto || nombreOficial || nombre
  if (anterior === undefined || anonima) return dicho
  return `${dicho}\n${contexto.mensajes.in('es').text('seguimiento.sigue_de', { folio: anterior })}`
}

const DEL_LUGAR = ['colonia', 'calle', 'numero', 'referencias'] as const
const DE_PERSONA = ['nombre', 'telefono', 'email'] as const

function datos(contexto: Contexto, anonima: boolean): Partial<Record<DatoGeneral, string>> {
  const dicho = campos(contexto)
  const claves: readonly DatoGeneral[] = anonima ? DEL_LUGAR : [...DEL_LUGAR, ...DE_PERSONA]
  return Object.fromEntries(claves.flatMap((clave) => (dicho[clave] ? [[clave, dicho[clave]]] : [])))
}

/** Registers it and gives the folio; of an anonymous one no trace stays here. */
export async function entregar(contexto: Contexto): Promise<Movida> {
  const { mensajes, services } = contexto
  const entregado = borrador(contexto)
  const { desde } = campos(contexto)
  const reservada = categoriaDe(contexto)?.reservada === true
  const {
    folio,
    clave,
    enlacePublico: url,
    plazoDias: dias,
  } = await services.registrar(entregado, desde === undefined ? undefined : new Date(desde))
  const luego = entregado.anonima ? trasElFolio(contexto) : await antesDe(trasElFolio(contexto), contexto)
  const cierre = entregado.anonima
    ? mensajes.text('registrado.anonimo')
    : reservada
      ? mensajes.text('registrado.reservado')
      : mensajes.text(luego.flow === 'avisos' ? 'registrado.plazo' : 'registrado.seguimiento', { dias })
  return {
    ...luego,
    say: [
      { text: mensajes.text('registrado.folio', { folio, clave }) },
      { text: cierre, link: { label: mensajes.text('avisos.ver'), url } },
    ],
    ...(entregado.anonima && { severSince: new Date(desde ?? 0) }),
  }
}
