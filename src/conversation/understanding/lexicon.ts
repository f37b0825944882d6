import { z } from 'zod'

const frase = z.string().trim().min(1).max(60)
const frases = z.array(frase)

const peligro = z.strictObject({
  id: z.string().regex(/^[a-z_]+$/, 'expected an id of small letters, such as fuego'),
  tipo: z.enum(['siempre', 'estado', 'suceso']),
  frases: frases.min(1),
  salvo: frases.default([]),
  no_es: z.array(z.string()).default([]),
})

/** What people may want beside telling of a problem, in the order in which they are looked for. */
export const INTENCIONES = [
  'consultar',
  'persona',
  'ayuda',
  'cancelar',
  'privacidad',
  'baja',
  'queja_del_servicio',
  'informacion',
] as const
export type Intencion = (typeof INTENCIONES)[number]

const idioma = z.strictObject({
  gramatica: frases.min(1),
  claras: frases,
  frases: frases,
  urgentes: frases.default([]),
})

const file = z.strictObject({
  terminaciones: z.enum(['es', 'en']).default('es'),
  idioma,
  abreviaturas: z.record(z.string().trim().min(1), frase),
  relleno: frases.min(1),
  comunes: frases.default([]),
  sinonimos: z.array(frases.min(2)),
  negacion: z.strictObject({
    frases: frases.min(1),
    hasta: frases,
    salvo: frases.default([]),
    peligro: frases.default([]),
  }),
  partes: z.strictObject({ fuertes: frases, debiles: frases, consecuencias: frases }),
  anonimato: frases,
  temor: frases.default([]),
  intenciones: z.strictObject({
    consultar: frases,
    persona: frases,
    ayuda: frases,
    cancelar: frases,
    privacidad: frases,
    baja: frases,
    queja_del_servicio: frases,
    informacion: frases,
  } satisfies Record<Intencion, z.ZodType>),
  clases: z.record(z.string().regex(/^[a-z]+$/), frases.min(1)).default({}),
  peligros: z.array(peligro),
  /** Words with which help is cried for, when nothing else is said. */
  gritos: frases.default([]),
  /** From how much likeness to danger on what no list has is danger, and up to how little what a list has is none; in nats. */
  parecido: z.strictObject({ umbral: z.number(), lejano: z.number() }),
  tiempo: z.strictObject({ prevision: frases, pasado: frases, habitual: frases, ahora: frases }),
  lugar: z.strictObject({
    calles: frases.min(1),
    calles_detras: frases.default([]),
    colonias: frases.min(1),
    referencias: frases.min(1),
    fin: frases,
    no_es_nombre: frases,
  }),
  vecinos: z.strictObject({ asunto: z.string(), nombres: frases }),
})

/** How people write, as config/lexico.yaml tells it. */
export type Lexicon = z.output<typeof file>

/** config/lexico.yaml: how people write; `topics` are those there are. */
export const lexiconSchema = (topics: readonly string[]) =>
  file.superRefine((lexicon, context) => {
    const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    const unknown = (topic: string) => `expected the codigo of a category of catalogo.yaml, and ${topic} is none`
    if (!topics.includes(lexicon.vecinos.asunto)) complain(['vecinos', 'asunto'], unknown(lexicon.vecinos.asunto))
    for (const [at, { frases: own, salvo, no_es }] of lexicon.peligros.entries()) {
      for (const topic of no_es) if (!topics.includes(topic)) complain(['peligros', at, 'no_es'], unknown(topic))
      for (const name of [...own, ...salvo].flatMap((one) => one.match(/(?<=<)[a-z]*(?=>)/g) ?? []))
        if (!lexicon.clases[name]) complain(['peligros', at], `expected only clases named above, and <${name}> is none`)
    }
  })

/** Messages by topic, one a line in the file. */
const lineas = z.string().transform((text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
)

/** Under these names, messages of danger and messages that only sound like it. */
export const DANGER = { now: 'PELIGRO', seeming: 'SIN_PELIGRO' } as const
/** Under this name, messages that tell of no topic: greetings, thanks, «quisiera platicarles algo». */
export const NOTHING = 'NADA'

/** config/ejemplos.yaml: how people tell of each topic, and of danger; `topics` are those there are. */
export const examplesSchema = (topics: readonly string[]) =>
  z.record(z.string(), lineas).superRefine((examples, context) => {
    const known = new Set<string>([...topics, NOTHING, DANGER.now, DANGER.seeming])
    for (const topic of Object.keys(examples).filter((one) => !known.has(one)))
      context.addIssue({
        code: 'custom',
        path: [topic],
        message: `expected the codigo of a category of catalogo.yaml, and ${topic} is none`,
      })
  })

/** Messages as people write them, by topic. */
export type Examples = Readonly<Record<string, readonly string[]>>

const respuesta = z.strictObject({
  palabras: frases.min(1),
  respuesta: z.string().trim().min(1).max(300),
})

/** config/informacion.yaml: what the town answers to common questions. */
export const informationSchema = z.strictObject({ respuestas: z.array(respuesta).default([]) })

/** An answer of the town's, and the phrases that ask for it. */
export type Respuesta = z.output<typeof respuesta>
