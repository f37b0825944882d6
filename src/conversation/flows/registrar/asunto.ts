import type { Answer } from '../../answer.ts'
import { MENU } from '../../ask.ts'
import type { Choosable } from '../../flow.ts'
import { sinInsultos } from '../insultos.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import type { CategoriaVista } from '../vocabulary.ts'
import { campos, categoriaDe, conDescripcion, DESCRIPCION, diceBastante, sinSaludo } from './campos.ts'
import { type CosaDicha, camposDeLugarDicho, cosas } from './cosas.ts'
import { elegir } from './elegir.ts'
import { nombradaEntre } from './nombrada.ts'

/** A guess less sure than `DUDOSA` is none; one as sure as `SEGURA` alone; another one beside it from `POSIBLE` on. */
const DUDOSA = 0.2
const SEGURA = 0.7
/** Of a hundred guesses as sure as this, or nearly and with no rival, 98 are right: it is told, shown in the summary and not asked. */
const EVIDENTE = 0.9
const CASI = { confianza: 0.8, rival: 0.05 }
const POSIBLE = 0.08
/** How many guesses are offered at once. */
const CANDIDATOS = 3

const comoOpcion = ({ id, nombre }: CategoriaVista): Choosable => ({ id, label: nombre })

/** What the citizen's words are about, or may be about: `asuntos` tells, `parecidos` guesses. */
function porConfianza(
  contexto: Contexto,
  cual: 'asuntos' | 'parecidos',
): { categoria: CategoriaVista; confidence: number }[] {
  const { pista, asunto } = campos(contexto)
  const todas = new Map(contexto.services.categorias().map((one) => [one.id, one]))
  return contexto
    .comprension()
    [cual](pista ?? asunto ?? '')
    .flatMap(({ topic, confidence }) => {
      const categoria = todas.get(topic)
      return categoria && (!categoria.interna || categoria.orientacion) ? [{ categoria, confidence }] : []
    })
}

/** The category that the words surely mean; who it is for, or who may read it, is never taken for granted. */
function evidente(contexto: Contexto): CategoriaVista | undefined {
  const [primera, segunda] = porConfianza(contexto, 'asuntos')
  if (!primera) return undefined
  const sinRival = primera.confidence >= CASI.confianza && (segunda?.confidence ?? 0) < CASI.rival
  if (primera.confidence < EVIDENTE && !sinRival) return undefined
  const { reservada, interna, orientacion, requisitos } = primera.categoria
  return reservada || interna || orientacion !== undefined || requisitos.length > 0 ? undefined : primera.categoria
}

/** What is surely not the municipality's, and nobody's whom we could name: whom to ask is told without asking. */
function ajena(contexto: Contexto): CategoriaVista | undefined {
  const [primera] = porConfianza(contexto, 'asuntos')
  return primera?.categoria.generica && primera.confidence >= SEGURA ? primera.categoria : undefined
}

/** The categories that the citizen's words mean, likeliest first; those that they may mean, where they mean none surely. */
export function candidatos(contexto: Contexto): CategoriaVista[] {
  const [primera, ...otras] = porConfianza(contexto, 'asuntos')
  if (primera && primera.confidence < DUDOSA) return []
  const posibles = primera
    ? [primera, ...(primera.confidence >= SEGURA ? [] : otras.filter(({ confidence }) => confidence >= POSIBLE))]
    : porConfianza(contexto, 'parecidos')
  return posibles
    .map(({ categoria }) => categoria)
    .filter(({ generica }) => !generica)
    .slice(0, CANDIDATOS)
}

/** What the first words about a petition fill: what it is about, where, and whether the person wants to be known. */
export function camposDeAsunto(escrito: string, contexto: Contexto) {
  const dicho = sinSaludo(escrito, contexto.mensajes.words('saludos'))
  const asunto = sinInsultos(dicho, contexto.mensajes) || dicho
  const { lugar, anonima, partes } = contexto.comprension().comprender(asunto)
  const completo = (lugar.colonia ?? '') !== '' && (lugar.calle ?? '') !== ''
  const dichas: CosaDicha[] = partes.map(({ texto, asuntos: [primero] }) => ({
    texto,
    categoria: primero?.topic ?? '',
  }))
  return {
    asunto,
    ...(diceBastante(asunto) && { descripcion: asunto }),
    ...camposDeLugarDicho(lugar),
    ...(completo && { rapida: true }),
    ...(anonima && { quiereAnonima: true }),
    ...(dichas.length > 1 && { cosas: dichas }),
  }
}

const sinCategoria = (contexto: Contexto) => categoriaDe(contexto) === undefined

/** Words where an option was expected: they may name the subject better. */
function nuevaPista({ text }: Answer, contexto: Contexto): Movida {
  if (contexto.comprension().asuntos(text).length === 0) return { to: 'miss' }
  const { asunto: antes } = campos(contexto)
  // «Buenas noches vecino» told nothing: what comes now is the story, with its place.
  const dijoAlgo = (contexto.comprension().asuntos(antes ?? '')[0]?.confidence ?? 0) >= DUDOSA
  const asunto = dijoAlgo ? antes : undefined
  const { anonima } = contexto.comprension().comprender(text)
  return {
    to: 'next',
    set: {
      verTemas: undefined,
      tema: undefined,
      ...(asunto
        ? { pista: text, ...conDescripcion(text, contexto), ...(anonima && { quiereAnonima: true }) }
        : camposDeAsunto(text, contexto)),
    },
  }
}

const asunto: Paso = {
  id: 'asunto',
  label: ({ mensajes }) => mensajes.text('campo.categoria'),
  freeText: true,
  story: true,
  filled: (contexto) => {
    const { asunto, pista, verTemas } = campos(contexto)
    return !sinCategoria(contexto) || (asunto ?? pista ?? verTemas) !== undefined
  },
  ask: (contexto) => {
    const { mensajes, services } = contexto
    const { llego } = campos(contexto)
    const clave = llego === 'voz' ? 'registrar.asunto_voz' : llego ? 'registrar.asunto_archivo' : 'registrar.asunto'
    const frecuentes = services.categorias().filter(({ frecuente, interna }) => frecuente && !interna)
    return {
      text: mensajes.text(clave),
      options: [...frecuentes.slice(0, MENU - 1).map(comoOpcion), opcion(mensajes, 'ver_temas')],
    }
  },
  read: ({ option, text }, contexto) => {
    if (option === 'ver_temas') return { to: 'next', set: { verTemas: true, categoria: undefined } }
    if (option !== undefined) return elegir(option, contexto)
    if (!/\p{L}{3}/u.test(text)) return { to: 'miss', because: contexto.mensajes.text('registrar.asunto_corto') }
    if (text.length > DESCRIPCION)
      return { to: 'miss', because: contexto.mensajes.text('general.demasiado_largo', { maximo: DESCRIPCION }) }
    return {
      to: 'next',
      set: { ...camposDeAsunto(text, contexto), categoria: undefined, llego: undefined, pista: undefined },
    }
  },
}

/** What is taken for granted is told, but for who is shown it in the summary at once, with how to put it right. */
async function darPorDicha(id: string, contexto: Contexto): Promise<Movida> {
  const elegida = await elegir(id, contexto)
  const categoria = contexto.services.categorias().find((one) => one.id === id)
  const dicho = contexto.mensajes.text('registrar.categoria_evidente', { categoria: categoria?.nombre ?? '' })
  const { rapida, quiereAnonima } = campos(contexto)
  const pregunta = categoria?.preguntas.some(({ siempre }) => siempre) || (categoria?.anonima && !quiereAnonima)
  const say = rapida && !pregunta ? [] : [dicho]
  return {
    ...elegida,
    say: [...say, ...(elegida.say ?? [])],
    set: { ...('set' in elegida && elegida.set), evidente: true },
  }
}

const categoria: Paso = {
  id: 'categoria',
  when: (contexto) =>
    campos(contexto).verTemas === undefined &&
    (candidatos(contexto).length > 0 || ajena(contexto) !== undefined || categoriaDe(contexto)?.generica === true),
  filled: (contexto) => !sinCategoria(contexto),
  sure: (contexto) => (evidente(contexto) ?? ajena(contexto))?.id,
  ask: (contexto) => {
    const { mensajes } = contexto
    const [primera, ...otras] = candidatos(contexto)
    const otra = opcion(mensajes, 'otra_cosa', [...mensajes.words('no'), ...mensajes.words('otra')])
    const si = mensajes.words('si')
    if (!primera) return { text: mensajes.text('registrar.asunto'), options: [otra] }
    if (otras.length > 0)
      return {
        text: mensajes.text('registrar.categoria'),
        options: [{ ...comoOpcion(primera), words: si }, ...otras.map(comoOpcion), otra],
      }
    return {
      text: mensajes.text('registrar.categoria_sola', { categoria: primera.nombre }),
      options: [{ ...opcion(mensajes, 'es_correcto', [...si, primera.nombre]), id: primera.id }, otra],
    }
  },
  read: (answer, contexto) => {
    if (answer.option === 'otra_cosa') return { to: 'next', set: { verTemas: true, categoria: undefined } }
    if (answer.option === undefined) return nombrada(answer, contexto) ?? nuevaPista(answer, contexto)
    return answer.option === evidente(contexto)?.id
      ? darPorDicha(answer.option, contexto)
      : elegir(answer.option, contexto)
  },
}

/** `Pues los hoyos`: words that tell first of all of one of the subjects offered choose it. */
function nombrada({ text }: Answer, contexto: Contexto): Promise<Movida> | undefined {
  const elegida = nombradaEntre(candidatos(contexto), text, contexto)
  return elegida && elegir(elegida.id, contexto)
}

const tema: Paso = {
  id: 'tema',
  when: sinCategoria,
  ask: (contexto) => ({
    text: contexto.mensajes.text(campos(contexto).verTemas ? 'registrar.grupo' : 'registrar.grupo_sin_idea'),
    options: contexto.services.grupos().map(({ id, nombre }) => ({ id, label: nombre })),
  }),
  read: (answer, contexto) =>
    answer.option === undefined
      ? nuevaPista(answer, contexto)
      : { to: 'next', set: { tema: answer.option, pagina: 0 } },
}

const delTema = (contexto: Contexto) =>
  contexto.services.categorias().filter(({ grupo, interna }) => grupo === campos(contexto).tema && !interna)

/** A page of a list too long for one menu; the last option leads to the next page, and from the last one to the first. */
export function pagina<T>(todas: readonly T[], numero: number): { estas: readonly T[]; siguiente: number | undefined } {
  if (todas.length <= MENU) return { estas: todas, siguiente: undefined }
  const paginas = Math.ceil(todas.length / (MENU - 1))
  const esta = numero % paginas
  return { estas: todas.slice(esta * (MENU - 1), (esta + 1) * (MENU - 1)), siguiente: (esta + 1) % paginas }
}

const categoriaDeTema: Paso = {
  id: 'categoria_de_tema',
  when: (contexto) => sinCategoria(contexto) && campos(contexto).tema !== undefined,
  filled: (contexto) => !sinCategoria(contexto),
  ask: (contexto) => {
    const { mensajes, services } = contexto
    const { tema, pagina: numero = 0 } = campos(contexto)
    const grupo = services.grupos().find(({ id }) => id === tema)?.nombre ?? ''
    const { estas, siguiente } = pagina(delTema(contexto), numero)
    const mas = siguiente === undefined ? [] : [opcion(mensajes, 'ver_mas')]
    return {
      text: mensajes.text('registrar.categoria_de_grupo', { grupo }),
      options: [...estas.map(comoOpcion), ...mas],
    }
  },
  read: (answer, contexto) => {
    if (answer.option === undefined) return nuevaPista(answer, contexto)
    if (answer.option !== 'ver_mas') return elegir(answer.option, contexto)
    return { to: 'again', set: { pagina: pagina(delTema(contexto), campos(contexto).pagina ?? 0).siguiente ?? 0 } }
  },
}

/** Finding out what it is about. */
export const pasosDeAsunto = [asunto, cosas, categoria, tema, categoriaDeTema] as const
