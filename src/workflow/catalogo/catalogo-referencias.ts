import type { z } from 'zod'
import { CATEGORIA_ARCO, CATEGORIA_FUERA, CATEGORIA_OTRO, UAC } from './codigos.ts'

/** What of the catalogue the checks read. */
interface Partes {
  grupos: { codigo: string }[]
  dependencias: { codigo: string; tipo: string; depende_de?: string | undefined; recibe_peticiones: boolean }[]
  categorias: {
    codigo: string
    grupo: string
    dependencia: string
    apoyo: string[]
    frecuente: boolean
    interna: boolean
    cerrada: boolean
    orientacion?: string | undefined
    orienta_a?: string | undefined
    preguntas: { id: string }[]
    requisitos: { id: string }[]
  }[]
  colonias: { nombre: string; cp: string }[]
}

type Complain = (path: (string | number)[], message: string) => void

/** How many categories fit the quick menu, beside the entry that leads to all of them. */
const FRECUENTES = 6

/** Entries the program cannot do without. */
const INDISPENSABLES = { dependencias: [UAC], categorias: [CATEGORIA_OTRO, CATEGORIA_ARCO, CATEGORIA_FUERA] }

/** Every code named somewhere in the catalogue exists, and none twice. */
export function checkReferencias(catalogo: Partes, context: z.core.$RefinementCtx): void {
  const complain: Complain = (path, message) => context.addIssue({ code: 'custom', path, message })
  checkUnicos(catalogo, complain)
  checkDependencias(catalogo, complain)
  checkCategorias(catalogo, complain)
}

function checkUnicos(catalogo: Partes, complain: Complain): void {
  const unique = (list: (string | number)[], values: string[], key: string) => {
    for (const at of repeated(values)) complain([...list, at, key], `expected a ${key} that no entry above has`)
  }
  for (const list of ['grupos', 'dependencias', 'categorias'] as const) {
    unique(
      [list],
      catalogo[list].map((one) => one.codigo),
      'codigo',
    )
  }
  unique(
    ['colonias'],
    catalogo.colonias.map((one) => `${one.nombre} ${one.cp}`),
    'nombre',
  )
  for (const [at, { preguntas, requisitos }] of catalogo.categorias.entries()) {
    unique(
      ['categorias', at, 'preguntas'],
      preguntas.map((one) => one.id),
      'id',
    )
    unique(
      ['categorias', at, 'requisitos'],
      requisitos.map((one) => one.id),
      'id',
    )
  }
}

/** Positions of the values that stood before. */
function repeated(values: string[]): number[] {
  return values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []))
}

function checkDependencias({ dependencias }: Partes, complain: Complain): void {
  const parents = new Map(dependencias.map((one) => [one.codigo, one.depende_de]))
  requireAll(INDISPENSABLES.dependencias, parents, 'dependencias', complain)
  dependencias.forEach(({ codigo, depende_de }, at) => {
    if (depende_de === undefined) return
    if (!parents.has(depende_de))
      complain(['dependencias', at, 'depende_de'], `expected the code of a dependencia, and ${depende_de} is none`)
    else if (isAbove(codigo, depende_de, parents))
      complain(['dependencias', at, 'depende_de'], 'expected a dependencia that does not depend on this one')
  })
}

function isAbove(codigo: string, below: string, parents: Map<string, string | undefined>): boolean {
  const seen = new Set<string>()
  for (let at: string | undefined = below; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === codigo) return true
    seen.add(at)
  }
  return false
}

function checkCategorias({ categorias, dependencias, grupos }: Partes, complain: Complain): void {
  const known = new Map(dependencias.map((one) => [one.codigo, one]))
  const groups = new Set(grupos.map((one) => one.codigo))
  requireAll(INDISPENSABLES.categorias, new Set(categorias.map((one) => one.codigo)), 'categorias', complain)
  for (const [at, one] of categorias.entries()) {
    const wrong = (key: string, message: string) => complain(['categorias', at, key], message)
    if (!groups.has(one.grupo)) wrong('grupo', `expected the code of a grupo, and ${one.grupo} is none`)
    if (!known.get(one.dependencia)?.recibe_peticiones) {
      wrong('dependencia', `expected a dependencia that receives petitions, and ${one.dependencia} is none`)
    }
    for (const apoyo of one.apoyo.filter((code) => !known.has(code))) {
      wrong('apoyo', `expected codes of dependencias, and ${apoyo} is none`)
    }
    checkOrientacion(one, known, wrong)
    if (one.cerrada && INDISPENSABLES.categorias.includes(one.codigo)) {
      wrong('cerrada', 'expected no, because the program relies on this category')
    }
    if (one.frecuente && one.interna) wrong('frecuente', 'expected no, because the category is interna')
  }
  const frecuentes = categorias.filter((one) => one.frecuente).length
  if (frecuentes > FRECUENTES) complain(['categorias'], `expected at most ${FRECUENTES} with frecuente: si`)
}

function checkOrientacion(
  one: Partes['categorias'][number],
  known: Map<string, Partes['dependencias'][number]>,
  wrong: (key: string, message: string) => void,
): void {
  if (one.orienta_a !== undefined && known.get(one.orienta_a)?.tipo !== 'externo') {
    wrong('orienta_a', `expected a dependencia of tipo externo, and ${one.orienta_a} is none`)
  }
  if (one.codigo === CATEGORIA_FUERA && !one.orientacion && !one.orienta_a) {
    wrong('orientacion', 'missing; this category needs the words that tell the citizen whom to ask')
  }
}

function requireAll(codes: string[], known: { has(code: string): boolean }, list: string, complain: Complain): void {
  for (const code of codes) {
    if (!known.has(code)) complain([list], `expected an entry ${code}, which the program relies on`)
  }
}
