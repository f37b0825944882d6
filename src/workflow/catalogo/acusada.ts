/** Words that many dependencias carry in their names, or that say no more than "the town hall". */
const GENERICAS = new Set(
  `altamira ayuntamiento coordinacion departamento direccion enlace general gobierno instituto municipal municipio
   organo publica publicas publico publicos secretaria sistema servicios unidad`.split(/\s+/),
)

/**
 * Does a complaint name this dependencia? `area` is what the citizen answered, in free words; the dependencia's code or a word
 * that tells its name from others is enough: rather UAC looks at one too many than the accused at one.
 */
export function nombraA(area: string, dependencia: { id: string; nombre: string }): boolean {
  const dichas = palabras(area)
  const propias = palabras(dependencia.nombre).filter((palabra) => palabra.length > 3 && !GENERICAS.has(palabra))
  return dichas.includes(dependencia.id.toLowerCase()) || propias.some((palabra) => dichas.includes(palabra))
}

function palabras(texto: string): string[] {
  const llano = texto.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return llano.match(/[a-z0-9]+/g) ?? []
}
