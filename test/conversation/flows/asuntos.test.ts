import { describe, expect, test } from 'vitest'
import { newTalk, speak } from '../talk.ts'

/** The category that the first words surely mean, or those offered, likeliest first. */
async function offered(text: string): Promise<string[]> {
  const turn = await speak(newTalk(true), text)
  const { categoria } = turn.conversation.answers
  if (typeof categoria === 'string') return [categoria]
  const ids = turn.replies.at(-1)?.options?.map(({ id }) => id) ?? []
  return ids.flatMap((id) => (id.startsWith('categoria/') && !id.endsWith('/otra_cosa') ? [id.slice(10)] : []))
}

describe('the category is guessed from the first words', () => {
  test.each([
    ['hay un bache enfrente de mi casa', 'BACHEO'],
    ['ay un vache vien grande', 'BACHEO'],
    ['HOYO EN LA CALLE', 'BACHEO'],
    ['no sirve la lampara de mi calle', 'ALUMBRADO'],
    ['esta bien oscura la calle no hay lus', 'ALUMBRADO'],
    ['ay un tuvo roto', 'AGUA_FUGA'],
    ['se esta tirando el agua', 'AGUA_FUGA'],
    ['no sale agua de la llave', 'AGUA_FALTA'],
    ['el agua sale sucia', 'AGUA_CALIDAD'],
    ['se tapó el drenaje', 'DRENAJE_TAPADO'],
    ['no a pasado el camion de la basura', 'BASURA'],
    ['perro muerto en la banqueta', 'ANIMAL_MUERTO'],
    ['hay perros callejeros', 'PERRO_CALLE'],
    ['tienen un perro amarrado sin agua', 'MALTRATO_ANIMAL'],
    ['los vecinos ponen musica muy alta toda la noche', 'RUIDO'],
    ['hay muchos sancudos', 'FUMIGACION'],
    ['el semáforo no funciona', 'SEMAFORO'],
    ['un árbol se va a caer', 'RIESGO'],
    ['quiero una despensa', 'APOYO_SOCIAL'],
    ['un policia me pidio dinero', 'QUEJA_SERVIDOR'],
    ['necesito una pipa', 'AGUA_PIPA'],
    ['no hay luz en mi casa', 'FUERA_CFE'],
    ['quiero saber del predial', 'PREDIAL'],
    ['carro abandonado en mi calle', 'VEH_ABANDONADO'],
  ])('%s', async (text, category) => {
    expect((await offered(text))[0]).toBe(category)
  })

  test('an answer that names another subject changes the guess and keeps the first words', async () => {
    const talk = newTalk(true)
    await speak(talk, 'hay agua tirada en el parque de la colonia')
    await speak(talk, 'es que se sale el drenaje')
    expect(talk.state.answers.categoria).toBe('DRENAJE_TAPADO')
    expect(talk.state.answers.asunto).toBe('hay agua tirada en el parque de la colonia')
  })

  test('what is nobody’s subject leads to the menu of subjects', async () => {
    const talk = newTalk(true)
    await speak(talk, 'quisiera platicarles algo que me preocupa')
    expect(talk.state.step).toBe('tema')
  })
})
