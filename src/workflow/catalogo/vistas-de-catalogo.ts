import type { CategoriaVista, ColoniaVista, GrupoVista } from '../../conversation/flows/vocabulary.ts'
import type { Catalogo, CategoriaDeCatalogo } from './catalogo.ts'
import { CATEGORIA_FUERA } from './codigos.ts'

/** The catalogue as the citizen's side of it sees it. */
export interface VistasDeCatalogo {
  categorias: CategoriaVista[]
  grupos: GrupoVista[]
  colonias: ColoniaVista[]
}

/** Views of the catalogue for the flows, in the order of the file; what is closed is not offered. */
export function vistasDeCatalogo({ categorias, grupos, colonias, dependencias }: Catalogo): VistasDeCatalogo {
  const nombres = new Map(dependencias.map((one) => [one.codigo, one.nombre]))
  return {
    categorias: categorias
      .filter((one) => !one.cerrada)
      .map((one) => vistaDeCategoria(one, nombres.get(one.dependencia) ?? one.dependencia)),
    grupos: grupos.map(({ codigo, nombre }) => ({ id: codigo, nombre })),
    colonias: colonias.map(({ nombre, cp, zona, latitud, longitud }) => ({ nombre, cp, zona, latitud, longitud })),
  }
}

function vistaDeCategoria(one: CategoriaDeCatalogo, dependencia: string): CategoriaVista {
  const { codigo, plazo_dias, nombre, grupo, palabras, frecuente, interna, ubicacion, foto, descripcion, aviso } = one
  const { anonima, reservada, cercania_m, orientacion, preguntas, datos, requisitos } = one
  return {
    id: codigo,
    nombre,
    grupo,
    palabras,
    frecuente,
    interna,
    ...(codigo === CATEGORIA_FUERA && { generica: true }),
    ubicacion,
    foto,
    descripcion,
    aviso,
    anonima,
    reservada,
    plazoDias: plazo_dias,
    cercaniaM: cercania_m,
    dependencia,
    orientacion,
    preguntas,
    datos,
    requisitos,
  }
}
