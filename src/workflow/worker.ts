import { setTimeout as pause } from 'node:timers/promises'
import type { AnyChannel } from '../channels/channel.ts'
import type { Events } from '../runtime/events.ts'
import { discardAttachment, type IngestDeps } from './mensajes/ingest-attachment.ts'
import { outboundQueue, type Pipeline, type PipelineDeps } from './mensajes/pipeline.ts'
import type { OutboxKind } from './outbox.ts'
import { sweep } from './sweep.ts'

/** What handling one outbox row left to be sent. */
export interface OutboxResult {
  messages: { id: number; channel: string; account: string; conversationId: number }[]
}

/** What the worker role needs beside the pipeline's own. */
export interface WorkerDeps extends Pick<PipelineDeps, 'database' | 'log' | 'queues' | 'rateOf'>, IngestDeps {
  pipeline: Pipeline
  events: Events
  channels: AnyChannel[]
  runOutbox(id: number): Promise<OutboxResult>
  /** Notices that did not go take another way, where there is one. */
  desviar(): Promise<OutboxResult['messages']>
  /** Those who asked are told that what staff published ended. */
  terminarAvisos(): Promise<OutboxResult['messages']>
  /** Acts on many petitions that a process left before their end are gone on with. */
  lotes(): Promise<void>
  /** What the staff is to be told: who waits, which channel fails; and what of it goes by e-mail and push. */
  avisarPersonal(): Promise<void>
  /** The sums of the dashboards are brought up to date. */
  sumas(): Promise<void>
  /** What the calendar owes: petitions that became overdue, and what nobody needs any more. */
  hourly(): Promise<void>
}

const OUTBOX_KINDS: OutboxKind[] = ['canalizar', 'notificar', 'sumados']
const SWEEP_EVERY = 1_500

/** How long the queue may leave the sweep undone before the worker does it without a queue, in milliseconds. */
const SWEEP_PATIENCE = 5_000

/** Handles the jobs of every queue and sweeps, until `signal` aborts; the queues are closed by whoever opened them. */
export async function runWorker(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const { queues, log } = deps
  let lastSweep = performance.now()
  const sweepNow = async () => {
    lastSweep = performance.now()
    await sweepOnce(deps)
  }
  for (const kind of OUTBOX_KINDS) queues.work(kind, (data) => runOutboxRow(deps, Number(data.id)), { concurrency: 4 })
  for (const channel of deps.channels) workOutbound(deps, channel)
  const due = periodic(deps, sweepNow).map(({ queue, every, run }) => {
    queues.work(queue, run, { concurrency: 1 })
    return eachPeriod(queues, queue, every)
  })
  const stops = wakeAtOnce(deps)
  while (!signal.aborted) {
    for (const add of due) add()
    if (performance.now() - lastSweep > SWEEP_PATIENCE) {
      await sweepNow().catch((error) => log.warn({ err: error }, 'the sweep waits for the database'))
    }
    await pause(SWEEP_EVERY, undefined, { signal }).catch(() => undefined)
  }
  for (const stop of stops) stop()
}

/** What is looked at again and again, each in a queue of its own, so that of all workers one does it at a time; `every` is in milliseconds. */
const periodic = (deps: WorkerDeps, sweepNow: () => Promise<void>) => [
  { queue: 'sweep', every: SWEEP_EVERY, run: sweepNow },
  { queue: 'plazos', every: 3_600_000, run: deps.hourly },
  { queue: 'avisos-personales', every: 5_000, run: deps.avisarPersonal },
  { queue: 'avisos-activos', every: 30_000, run: () => terminarAvisos(deps) },
  { queue: 'desviar', every: 60_000, run: () => desviar(deps) },
  { queue: 'lotes', every: 30_000, run: deps.lotes },
  { queue: 'sumas', every: 60_000, run: deps.sumas },
]

/** What just happened is looked at at once, not when its period comes round. Gives what ends that. */
const wakeAtOnce = ({ queues, events }: WorkerDeps): (() => void)[] => [
  events.on('lote', (event) => {
    if ('id' in event) void queues.add('lotes', { id: `lotes-${event.id}-${Date.now()}`, data: {} })
  }),
  events.on('undelivered', () => void queues.add('desviar', { id: `desviar-${Date.now()}`, data: {} })),
  events.on('outbox', (event) => {
    if (event.topic === 'outbox' && 'id' in event)
      void queues.add(String(event.kind), { id: `o${event.id}-0`, data: { id: Number(event.id) } })
  }),
]

/** The sends of one account go one job, one send, at most at its rate. */
function workOutbound(deps: Pick<WorkerDeps, 'queues' | 'pipeline' | 'rateOf'>, channel: AnyChannel): void {
  const rate = deps.rateOf(channel)
  deps.queues.work(
    outboundQueue(channel.name, channel.account),
    async (data) => deps.pipeline.wakeSend(Number(data.conversationId)),
    { concurrency: 4, ...(rate > 0 ? { rate } : {}) },
  )
}

/** Adds one job a period, however often it is called; all workers name the same period alike, so that it is one job for all. */
function eachPeriod(queues: WorkerDeps['queues'], name: string, every: number): () => void {
  let added = 0
  return () => {
    const period = Math.floor(Date.now() / every)
    if (period !== added) void queues.add(name, { id: `${name}-${period}`, data: {} })
    added = period
  }
}

async function runOutboxRow(deps: WorkerDeps, id: number): Promise<void> {
  await sendByQueue(deps, (await deps.runOutbox(id)).messages)
}

async function desviar(deps: WorkerDeps): Promise<void> {
  await sendByQueue(deps, await deps.desviar())
}

async function terminarAvisos(deps: WorkerDeps): Promise<void> {
  await sendByQueue(deps, await deps.terminarAvisos())
}

async function sendByQueue({ queues }: WorkerDeps, messages: OutboxResult['messages']): Promise<void> {
  for (const { id, channel, account, conversationId } of messages) {
    await queues.add(outboundQueue(channel, account), { id: `m${id}-0`, data: { conversationId } })
  }
}

async function sweepOnce(deps: WorkerDeps): Promise<void> {
  const idempotent = (name: string, account: string) => deps.channelOf(name, account)?.limits.idempotentSend === true
  const found = await sweep(deps.database, idempotent)
  for (const id of found.turns) deps.pipeline.wakeTurn(id)
  for (const id of found.sends) deps.pipeline.wakeSend(id)
  for (const id of found.attachments) deps.pipeline.wakeAttachment(id)
  for (const id of found.outbox) await runOutboxRow(deps, id)
  await deps.queues
    .forgetSteps(deps.database.fork())
    .catch((error) => deps.log.warn({ err: error }, 'what the queues noted of past jobs could not be forgotten'))
  for (const id of found.discarded) await discardAttachment(deps, id)
}
