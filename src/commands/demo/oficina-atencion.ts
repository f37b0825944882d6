import type { EntityManager } from '@mikro-orm/postgresql'
import { recordarModulo } from '../../admin/turnos/modulo.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { anotar } from '../../workflow/peticion/verbos/anotar.ts'
import { preguntar } from '../../workflow/peticion/verbos/preguntar.ts'
import { hacerPantalla } from '../../workflow/turnos/pantallas.ts'
import { formar, llamarSiguiente, moverTurno, siguienteNumero } from '../../workflow/turnos/turnos.ts'
import type { Demo } from './demo.ts'
import type { Oficina } from './oficina.ts'
import { settleConversation, settleOffice } from './rows.ts'

/** Who comes to the window in a morning. */
const TURNOS = 9
const MINUTE = 60_000

/** What happens between people: turnos, a conversation that somebody took, notes that call a colleague, what did not arrive. */
export async function attend(demo: Demo, oficina: Oficina): Promise<void> {
  const em = demo.house.database.fork()
  const [retama, presidencia] = demo.personal.capturistas
  if (retama) await queue(demo, em, 'retama', retama)
  if (presidencia) await queue(demo, em, 'presidencia', presidencia)
  await hacerPantalla(em, { modulo: 'retama', usuarioId: demo.personal.administrador.id, at: demo.clock.now() })
  await converse(demo, oficina)
  await mention(demo, oficina)
  await ask(demo, oficina)
  await settleOffice(demo)
  await lose(em, oficina, demo.clock.now())
}

/** Some were attended, one is at the window, one did not come when called, the others wait. */
async function queue({ house, clock }: Demo, em: EntityManager, modulo: string, { id }: UsuarioActor): Promise<void> {
  const { municipio } = house.settings
  const ahora = clock.now()
  const begin = ahora.getTime() - 40 * MINUTE
  await recordarModulo(em, id, modulo)
  for (let one = 0; one < TURNOS; one++) {
    const numero = await siguienteNumero(em, modulo, municipio)
    await formar(em, { numero, modulo, at: new Date(begin + one * 4 * MINUTE) })
  }
  for (const last of ['atendido', 'atendido', 'ausente', 'atendido', undefined] as const) {
    const called = await llamarSiguiente(em, modulo, id, { ahora, zona: municipio.zona_horaria })
    if (called && last) await moverTurno(em, called.id, last, ahora)
  }
}

/** The capturista took one of those who asked for a person, and answered. */
async function converse(demo: Demo, { conversacion }: Oficina): Promise<void> {
  const [quien] = demo.personal.capturistas
  const em = demo.house.database.fork()
  const waiting = await sqlOne<{ id: number }>(
    em,
    `select id from conversation where mode = 'human' and assigned_to is null order by id desc limit 1`,
  )
  if (!quien || !waiting) return
  await sql(em, 'update conversation set assigned_to = $2, human_since = $3 where id = $1', [
    waiting.id,
    quien.id,
    demo.clock.now(),
  ])
  for (const text of conversacion) {
    demo.clock.forward(20)
    await em.transactional((tx) => demo.outbox.enviar(tx, waiting.id, [{ text }], { usuarioId: quien.id }))
    await settleConversation(demo, waiting.id)
  }
}

const abiertas = (em: EntityManager, conChat: boolean) =>
  sql<{ id: number }>(
    em,
    `select p.id from peticion p where p.estado in ('RECIBIDO', 'PROCESO') and p.dependencia_id = 'SSP' and not p.reservada
        and (not $1 or (p.address_id is not null and not p.anonima)) order by p.id desc`,
    [conChat],
  )

async function mention({ house, personal, clock }: Demo, { menciones }: Oficina): Promise<void> {
  const [quien] = personal.validadores
  const suyas = await abiertas(house.database.fork(), false)
  for (const [at, texto] of menciones.entries()) {
    const una = suyas[at]
    if (!una || !quien) return
    const nota = texto.replaceAll('{a}', 'enlace.ssp')
    await house.database.fork().transactional((em) => anotar(em, una.id, quien, { nota }, ctxOf(clock.now(), house)))
  }
}

/** Questions to the citizen: the plazo stands still until they answer. */
async function ask({ house, personal, clock }: Demo, { preguntas }: Oficina): Promise<void> {
  const quien = personal.enlace('SSP', null)
  const suyas = await abiertas(house.database.fork(), true)
  for (const [at, texto] of preguntas.entries()) {
    const una = suyas.at(-1 - at)
    if (!una || !quien) return
    const ctx = { ...ctxOf(clock.now(), house), municipio: house.settings.municipio }
    await house.database.fork().transactional((em) => preguntar(em, una.id, quien, { texto }, ctx))
  }
}

const ctxOf = (ahora: Date, { settings }: Demo['house']) => ({
  ahora,
  reaperturaDias: settings.municipio.reapertura_dias,
})

/** Notices of these last days that did not arrive, each for its reason. */
async function lose(em: EntityManager, { no_enterados }: Oficina, ahora: Date): Promise<void> {
  const notices = await sql<{ id: number }>(
    em,
    `select m.id from (select distinct on (o.peticion_id) m.id, p.dependencia_id from message m join outbox o on o.id = m.outbox_id join peticion p on p.id = o.peticion_id
      where m.channel = 'telegram' and m.created_at > $1::timestamptz - interval '20 days' and not p.anonima and not p.reservada
      order by o.peticion_id desc, m.id desc) m order by m.dependencia_id is distinct from 'SSP', m.id desc limit $2`,
    [ahora, 2 * no_enterados.length],
  )
  for (const [at, { id }] of notices.entries()) {
    await sql(em, `update message set status = $2, error = $3, attempts = 5, sent_at = null where id = $1`, [
      id,
      at % 2 === 0 ? 'failed' : 'ambiguous',
      no_enterados[at % no_enterados.length],
    ])
  }
}
