import type { Mensajes } from '../../mensajes.ts'
import type { Services } from '../services.ts'
import type { CategoriaVista, GrupoVista, PeticionVista, Pregunta } from '../vocabulary.ts'
import type { CatalogoEnIngles } from './ingles.ts'

/** Our public page in English, where there is one to be read. */
function conIdioma<T extends { enlacePublico: string | null }>(one: T): T {
  if (one.enlacePublico === null) return one
  const url = new URL(one.enlacePublico)
  url.searchParams.set('idioma', 'en')
  return { ...one, enlacePublico: url.href }
}

/** The services as somebody hears them who reads English: names and questions of the catalogue, and states. */
export function enIngles(services: Services, mensajes: Mensajes, ingles: CatalogoEnIngles): Services {
  const conAsunto = <T extends { asunto: string }>(one: T): T => ({ ...one, asunto: mensajes.named(one.asunto) })
  const peticion = (one: PeticionVista): PeticionVista => ({
    ...conIdioma(conAsunto(one)),
    estadoTexto: mensajes.text(`estados.${one.estado}`),
  })
  return {
    ...services,
    categorias: () => categoriasEnIngles(services.categorias(), ingles),
    grupos: () => gruposEnIngles(services.grupos(), ingles),
    registrar: async (borrador, desde) => conIdioma(await services.registrar(borrador, desde)),
    misPeticiones: async (limit) => (await services.misPeticiones(limit)).map(peticion),
    consultar: async (folio, clave) => {
      const una = await services.consultar(folio, clave)
      return una && peticion(una)
    },
    cerradas: async () => (await services.cerradas()).map(conAsunto),
    preguntas: async () => (await services.preguntas()).map((una) => conIdioma(conAsunto(una))),
    cercanas: async (categoria, lugar) =>
      (await services.cercanas(categoria, lugar)).map((one) => ({
        ...conAsunto(one),
        estadoTexto: mensajes.text(`estados.${one.estado}`),
      })),
  }
}

/** What was translated of each catalogue, so that whoever keeps something by its list finds the same list again. */
const traducidas = new WeakMap<readonly CategoriaVista[], { ingles: CatalogoEnIngles; vistas: CategoriaVista[] }>()

/** The categories in English; one that nobody translated yet (added since the start) is as it is. */
export function categoriasEnIngles(categorias: readonly CategoriaVista[], ingles: CatalogoEnIngles): CategoriaVista[] {
  const known = traducidas.get(categorias)
  if (known?.ingles === ingles) return known.vistas
  const vistas = categorias.map((one) => categoriaEnIngles(one, ingles.categorias[one.id]))
  traducidas.set(categorias, { ingles, vistas })
  return vistas
}

function categoriaEnIngles(
  una: CategoriaVista,
  ingles: CatalogoEnIngles['categorias'][string] | undefined,
): CategoriaVista {
  if (!ingles) return una
  return {
    ...una,
    nombre: ingles.nombre,
    nombreOficial: una.nombre,
    palabras: ingles.palabras,
    aviso: una.aviso && (ingles.aviso ?? una.aviso),
    orientacion: una.orientacion && (ingles.orientacion ?? una.orientacion),
    preguntas: una.preguntas.map((one) => preguntaEnIngles(one, ingles.preguntas[one.id])),
    requisitos: una.requisitos.map((one) => ({ ...one, ...ingles.requisitos[one.id] })),
  }
}

/** The choices keep their values, which the staff reads; what is shown is another thing. */
function preguntaEnIngles(
  una: Pregunta,
  ingles: CatalogoEnIngles['categorias'][string]['preguntas'][string] | undefined,
): Pregunta {
  if (!ingles) return una
  const { texto, opciones } = ingles
  return { ...una, texto, ...(opciones?.length === una.opciones?.length && { etiquetas: opciones }) }
}

const gruposEnIngles = (grupos: readonly GrupoVista[], ingles: CatalogoEnIngles): GrupoVista[] =>
  grupos.map((one) => ({ ...one, nombre: ingles.grupos[one.id] ?? one.nombre }))
