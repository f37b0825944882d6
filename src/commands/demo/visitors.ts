import type { Agenda } from './agenda.ts'
import type { Demo } from './demo.ts'
import { planear, type Vecino } from './plan.ts'
import type { Talks } from './talks.ts'

const UNFINISHED = 12
const WAITING = 4
/** In the last so many days. */
const DAYS = 6

/** Conversations that make no petition: some go away halfway, some ask for a person. */
export function talkOnly(demo: Demo, talks: Talks, until: Date, agenda: Agenda): void {
  const { pueblo, random, calendar, house } = demo
  const visits = planear(
    { count: UNFINISHED + WAITING, days: DAYS, now: until },
    house.settings,
    pueblo,
    calendar,
    random,
  )
  visits.forEach((plan, at) => {
    const vecino: Vecino = { channel: 'web-chat', account: 'default', address: `ejemplo-visita-${at + 1}` }
    if (at % 4 === 3) agenda.add(plan.at, () => askForPerson(demo, talks, vecino))
    else agenda.add(plan.at, () => talks.leaveHalfway(plan, vecino, 1 + random.below(5)))
  })
}

async function askForPerson({ pueblo, random }: Demo, talks: Talks, vecino: Vecino): Promise<void> {
  const said = [pueblo.saludos, pueblo.con_persona, pueblo.comentarios]
  for (const words of said) await talks.say(vecino, { kind: 'text', text: random.pick(words) })
}
