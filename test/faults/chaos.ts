import { setTimeout as pause } from 'node:timers/promises'
import type { TownDatabase, TownRedis } from './backends.ts'
import type { Fleet } from './fleet.ts'
import type { Exit, Member } from './member.ts'
import type { Random } from './random.ts'

/** What was done to the installation, and when (milliseconds since 1970). */
export interface Blow {
  at: number
  kind:
    | 'kill web'
    | 'kill worker'
    | 'crash postgres'
    | 'stop postgres'
    | 'crash redis'
    | 'empty redis'
    | 'SIGTERM'
    | 'SIGTERM all'
}

/** Strikes until it has killed often enough. */
export interface Chaos {
  readonly blows: Blow[]
  /** How processes ended that were asked to, by SIGTERM. */
  readonly stops: Exit[]
  /** Deaths by -9, or of a whole server at once, so far. */
  readonly kills: number
  /** Kills the process behind this address (or any worker), in a moment: something is under way there. */
  strike(url: string | undefined): void
  /**
   * Strikes at random moments until `kills` were made: in step with what was said (`progress`, from 0 to 1), so that a slow machine
   * is not struck more often for each message, and about every `interval` milliseconds at most.
   */
  run(kills: number, interval: number, progress: () => number, signal: AbortSignal): Promise<void>
  /** Stops everything gracefully at once, looks at what is left by `look`, and lets it run again. */
  stopAll(look: (lastKill: number) => Promise<void>): Promise<void>
}

/** What can be struck. */
export interface Victims {
  fleet: Fleet
  database: TownDatabase
  redis: TownRedis | undefined
}

const IS_KILL: Record<Blow['kind'], boolean> = {
  'kill web': true,
  'kill worker': true,
  'crash postgres': true,
  'stop postgres': true,
  'crash redis': true,
  'empty redis': false,
  SIGTERM: false,
  'SIGTERM all': false,
}

/** How likely each blow is. */
const WEIGHTS: readonly (readonly [number, Blow['kind']])[] = [
  [42, 'kill web'],
  [42, 'kill worker'],
  [4, 'crash postgres'],
  [4, 'stop postgres'],
  [5, 'SIGTERM'],
]
const REDIS_WEIGHTS: readonly (readonly [number, Blow['kind']])[] = [
  [5, 'crash redis'],
  [5, 'empty redis'],
]

export function createChaos(victims: Victims, random: Random, log: (line: string) => void): Chaos {
  const blows: Blow[] = []
  const stops: Exit[] = []
  const choices = victims.redis ? [...WEIGHTS, ...REDIS_WEIGHTS] : WEIGHTS
  let paused = false
  const note = (kind: Blow['kind'], what = '') => {
    blows.push({ at: Date.now(), kind })
    log(`${kind} ${what}`)
  }
  const { fleet } = victims
  const alive = (role: string) => {
    const there = fleet.members.filter(({ state, spec }) => state !== 'down' && spec.roles.includes(role))
    const running = there.filter(({ state }) => state === 'running')
    // Most die at work, some while they start.
    return running.length > 0 && random.chance(0.9) ? running : there
  }
  const kill = (kind: 'kill web' | 'kill worker', victim: Member) => {
    if (victim.state === 'down' || paused) return
    note(kind, `${victim.spec.name}, ${victim.state}`)
    victim.kill()
  }
  const killsMade = () => blows.filter(({ kind }) => IS_KILL[kind]).length

  return {
    blows,
    stops,
    get kills() {
      return killsMade()
    },
    strike(url) {
      const victim = fleet.members.find((member) => member.url === url) ?? alive('worker')[0]
      if (victim)
        setTimeout(kill, random.between(0, 40), victim.spec.roles === 'web' ? 'kill web' : 'kill worker', victim)
    },
    async run(kills, interval, progress, signal) {
      // Each kind at least once, however short the run.
      const owed = choices.map(([, kind]) => kind).filter((kind) => !/^kill/.test(kind))
      while (killsMade() < kills && !signal.aborted) {
        await pause(random.between(interval * 0.2, interval * 1.8), undefined, { signal }).catch(() => undefined)
        if (paused || signal.aborted || progress() < killsMade() / kills) continue
        const chance = owed.length / (kills - killsMade())
        await blow((random.chance(chance) && owed.shift()) || random.weighted(choices))
      }
    },
    async stopAll(look) {
      paused = true
      await fleet.ready(60_000)
      await pause(2_500)
      const lastKill = blows.findLast(({ kind }) => IS_KILL[kind])?.at ?? 0
      note('SIGTERM all')
      const ends = await Promise.all(fleet.members.map((member) => member.terminate(true)))
      stops.push(...ends.filter((exit) => exit !== undefined))
      await look(lastKill)
      for (const member of fleet.members) member.resume()
      paused = false
    },
  }

  async function blow(kind: Blow['kind']): Promise<void> {
    if (kind === 'kill web') return killOne(kind, 'web')
    if (kind === 'kill worker') return killOne(kind, 'worker')
    if (kind === 'SIGTERM') return terminateOne()
    if (kind === 'crash postgres') return crashDatabase(kind, 'SIGKILL')
    if (kind === 'stop postgres') return crashDatabase(kind, 'SIGQUIT')
    note(kind)
    if (kind === 'crash redis') await victims.redis?.crash()
    if (kind === 'empty redis') await victims.redis?.empty()
  }

  function crashDatabase(kind: Blow['kind'], how: 'SIGKILL' | 'SIGQUIT'): void {
    if (victims.database.crash(how)) note(kind)
  }

  function killOne(kind: 'kill web' | 'kill worker', role: string): void {
    const there = alive(role)
    if (there.length > 0) kill(kind, random.pick(there))
  }

  async function terminateOne(): Promise<void> {
    const running = fleet.members.filter(({ state }) => state === 'running')
    if (running.length === 0) return
    const member = random.pick(running)
    note('SIGTERM', member.spec.name)
    void member.terminate(false).then((exit) => exit && stops.push(exit))
  }
}
