import { guardarArchivo, registrarArchivo } from '../../admin/subida.ts'
import type { BorradorPeticion, DatoGeneral } from '../../conversation/flows/vocabulary.ts'
import { registrar } from '../../workflow/peticion/registrar.ts'
import type { Demo } from './demo.ts'
import type { Plan, Via } from './plan.ts'
import type { Random } from './random.ts'
import { drawScene } from './scenes.ts'

/** The staff write a petition down, as the panel does; gives its id. */
export async function capture(demo: Demo, plan: Plan, via: Extract<Via, { tipo: 'captura' }>): Promise<number> {
  const { house, env, personal, random, clock } = demo
  const { municipio } = house.settings
  const actor = via.medio === 'redes_sociales' ? personal.comunicacion : random.pick(personal.capturistas)
  const photos = await drawn(demo, plan)
  const deps = { municipio, secretKey: house.secretKey, publicUrl: env.PUBLIC_URL, ahora: clock.now() }
  return house.database.fork().transactional(async (em) => {
    for (const photo of photos) await registrarArchivo(em, photo, { uso: 'evidencia', usuarioId: actor.id })
    const borrador = draft(plan, photos, random)
    const { peticionId } = await registrar(em, borrador, { ...via, actor, captura: uuid(random) }, deps)
    return peticionId
  })
}

async function drawn({ files, random }: Demo, { asunto, fotos }: Plan) {
  if (asunto.escena === undefined || fotos === 0) return []
  const bytes = await drawScene(asunto.escena, random)
  const photo = await guardarArchivo(files, { bytes, fileName: 'foto.jpg', cortado: false })
  if (typeof photo === 'string') throw new Error(`a picture of the demo was refused: ${photo}`)
  return [photo]
}

function draft(plan: Plan, photos: { id: string }[], random: Random): BorradorPeticion {
  const { categoria, texto, punto, colonia, calle, numero, referencia, anonima, nombre, telefono } = plan
  const said = { colonia, calle, numero, referencias: referencia, nombre, telefono }
  const datos = Object.entries(said).filter(
    ([dato, value]) => value !== undefined && categoria.datos[dato as DatoGeneral] !== 'no',
  )
  return {
    categoria: categoria.codigo,
    descripcion: texto,
    ubicacion: punto,
    datos: Object.fromEntries(datos),
    respuestas: answers(plan, random),
    requisitos: {},
    fotos: photos.map(({ id }) => id),
    anonima,
  }
}

/** What the staff asked: the questions that have choices. */
function answers({ categoria: { preguntas } }: Plan, random: Random): Record<string, string> {
  return Object.fromEntries(
    preguntas.flatMap(({ id, opciones, obligatoria }) =>
      opciones && (obligatoria || (id !== 'desde_cuando' && random.chance(0.5))) ? [[id, random.pick(opciones)]] : [],
    ),
  )
}

/** A version 4 UUID, the same each time. */
function uuid(random: Random): string {
  const hex = (length: number) => Array.from({ length }, () => random.below(16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`
}
