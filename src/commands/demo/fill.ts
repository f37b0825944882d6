import type { Logger } from 'pino'
import type { Environment } from '../../runtime/env.ts'
import { openFiles } from '../../runtime/files.ts'
import { diasInhabilesDe } from '../../workflow/catalogo/dias-inhabiles.ts'
import { createStoreOutbound } from '../../workflow/mensajes/store-outbound.ts'
import { revisarPlazos } from '../../workflow/peticion/revisar-plazos.ts'
import { createAgenda } from './agenda.ts'
import { capture } from './capture.ts'
import { createClock } from './clock.ts'
import { commentInPublic } from './comments.ts'
import type { Demo } from './demo.ts'
import { extras } from './extras.ts'
import { FATES, fits, nextOf } from './fates.ts'
import { born, type Vida } from './lives.ts'
import { workTheOffice } from './oficina.ts'
import { type Plan, planear } from './plan.ts'
import { leerPueblo } from './pueblo.ts'
import { createRandom } from './random.ts'
import { settleOutbox, settleTimes } from './rows.ts'
import { contratar } from './staff.ts'
import { createTalks, LIMITS, type Talks } from './talks.ts'
import { talkOnly } from './visitors.ts'

/** How large a town is made, and up to when. */
export interface Size {
  petitions: number
  /** Over so many days. */
  days: number
  now: Date
  seed: number
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Makes users, petitions and conversations in an empty database, by the program's own verbs; `progress` hears how many petitions are made. */
export async function fill(
  env: Environment,
  log: Logger,
  house: Demo['house'],
  size: Size,
  progress: (made: number) => void,
): Promise<void> {
  const demo = await prepare(env, log, house, size)
  const talks = createTalks(demo)
  const agenda = createAgenda()
  // A conversation takes its minutes: none ends in the future.
  const until = new Date(size.now.getTime() - 20 * MINUTE)
  const planes = planear(
    { count: size.petitions, days: size.days, now: until },
    house.settings,
    demo.pueblo,
    demo.calendar,
    demo.random,
  )
  let made = 0
  for (const plan of [...planes, ...extras(demo, until)]) {
    agenda.add(plan.at, async () => {
      const vida = await arrive(demo, talks, plan)
      if (!vida) return
      // One that was understood as another subject is worked by nobody of the demo: its answers would not fit.
      if (vida.categoria === plan.categoria.codigo) await follow(vida)
      progress(++made)
    })
  }
  const follow = async (vida: Vida): Promise<void> => {
    const next = nextOf(demo, vida)
    if (next) agenda.add(next.at, () => step(demo, vida, next.act).then(() => follow(vida)))
  }
  talkOnly(demo, talks, until, agenda)
  await commentInPublic(demo, until, agenda)
  for (let day = 0; day <= size.days; day++) {
    const midnight = new Date(until.getTime() - day * DAY)
    agenda.add(midnight, async () => void (await revisarPlazos(house.database.fork(), demo.clock.now())))
  }
  await agenda.run(until, demo.clock.set)
  await settleTimes(demo)
  demo.clock.set(until)
  await workTheOffice(demo)
}

async function prepare(env: Environment, log: Logger, house: Demo['house'], { now, seed }: Size): Promise<Demo> {
  const { database, settings, secretKey } = house
  const { municipio, mensajes, catalogo } = settings
  const began = new Date()
  const clock = createClock(now)
  const files = await openFiles(env.DATA_DIR, env.STORAGE_URL)
  const outbox = {
    enviar: createStoreOutbound(() => LIMITS),
    // No channel is away, and nobody has another address.
    channelOf: () => undefined,
    municipio,
    mensajes,
    secretKey,
    publicUrl: env.PUBLIC_URL,
    files,
    log,
    ahora: clock.now,
  }
  const inhabiles = await diasInhabilesDe(database.fork(), municipio, now)
  return {
    env,
    log,
    house,
    files,
    outbox,
    pueblo: await leerPueblo(),
    personal: await contratar(database.fork(), catalogo),
    calendar: { zone: municipio.zona_horaria, inhabiles },
    clock,
    random: createRandom(seed),
    began,
  }
}

/** A petition is made, and the routing that follows it at once. */
async function arrive(demo: Demo, talks: Talks, plan: Plan): Promise<Vida | undefined> {
  const { via, asunto } = plan
  const id = via.tipo === 'chat' ? await talks.report(plan, via.vecino) : await capture(demo, plan, via)
  if (id === undefined) return undefined
  const drawn = demo.random.weighted(FATES).fate
  const fate = fits(drawn, plan) ? drawn : 'normal'
  const vecino = via.tipo === 'chat' && !plan.anonima ? via.vecino : undefined
  const vida = await born(demo.house.database.fork(), id, { asunto, fate, vecino, talks })
  await settleOutbox(demo, vida)
  return vida
}

async function step(demo: Demo, vida: Vida, act: (demo: Demo, vida: Vida) => Promise<void>): Promise<void> {
  await act(demo, vida)
  await settleOutbox(demo, vida)
}
