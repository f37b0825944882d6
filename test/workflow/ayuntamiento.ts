import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { Address } from '../../src/conversation/address.ts'
import { Attachment, type Uso } from '../../src/conversation/attachment.ts'
import { Conversation } from '../../src/conversation/conversation.ts'
import type { BorradorPeticion } from '../../src/conversation/flows/vocabulary.ts'
import { loadMensajes } from '../../src/conversation/mensajes.ts'
import { Message } from '../../src/conversation/stored-message.ts'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { sql, sqlOne } from '../../src/runtime/sql.ts'
import { readYaml } from '../../src/runtime/yaml-config.ts'
import type { Rol, UsuarioActor } from '../../src/workflow/actor.ts'
import { catalogoSchema } from '../../src/workflow/catalogo/catalogo.ts'
import { Categoria } from '../../src/workflow/catalogo/categoria.ts'
import { loadCatalogo } from '../../src/workflow/catalogo/load-catalogo.ts'
import { municipioSchema } from '../../src/workflow/catalogo/municipio.ts'
import { vistasDeCatalogo } from '../../src/workflow/catalogo/vistas-de-catalogo.ts'
import { createStoreOutbound } from '../../src/workflow/mensajes/store-outbound.ts'
import { Outbox } from '../../src/workflow/outbox.ts'
import { Ciudadano } from '../../src/workflow/personas/ciudadano.ts'
import { Movimiento } from '../../src/workflow/peticion/movimiento.ts'
import { Peticion } from '../../src/workflow/peticion/peticion.ts'
import { type Registrada, registrar } from '../../src/workflow/peticion/registrar.ts'
import type { OutboxDeps } from '../../src/workflow/run-outbox.ts'
import type { ServicesDeps } from '../../src/workflow/services.ts'
import { LIMITS } from '../channels/limits.ts'
import { createTestDatabase } from '../database.ts'

const ENTITIES = [Address, Attachment, Categoria, Ciudadano, Conversation, Message, Movimiento, Outbox, Peticion]
const catalogo = await readYaml('config/catalogo.yaml', catalogoSchema)
export const municipio = await readYaml('config/municipio.yaml', municipioSchema(catalogo))
export const mensajes = await loadMensajes('config', new Map([['Bache', 'Pothole']]))
export const silent = pino({ level: 'silent' })

/** A Sunday noon in Altamira, some minutes past the hour. */
export const AHORA = new Date('2026-11-22T18:23:45.678Z')
export const SECRET = 'una clave secreta de treinta y dos letras'
const PUBLIC_URL = 'https://uac.example'

/** Whom the tests know: of Obras Públicas two enlaces, of Tránsito one, and a titular above Tránsito. */
export const USUARIOS = {
  enlaceObras: { roles: ['enlace'], dependenciaId: 'OP', dependencias: ['OP'] },
  otroEnlaceObras: { roles: ['enlace'], dependenciaId: 'OP', dependencias: ['OP'] },
  enlaceTransito: { roles: ['enlace'], dependenciaId: 'TV', dependencias: ['TV'] },
  enlaceComercio: { roles: ['enlace'], dependenciaId: 'COMERCIO', dependencias: ['COMERCIO'] },
  enlaceContraloria: { roles: ['enlace'], dependenciaId: 'CONTRALORIA', dependencias: ['CONTRALORIA'] },
  titularSeguridad: { roles: ['titular'], dependenciaId: 'EBGSP', dependencias: ['EBGSP', 'TV', 'PC', 'BOM'] },
  validador: { roles: ['validador'], dependenciaId: 'UAC', dependencias: ['UAC'] },
  capturista: { roles: ['capturista'], dependenciaId: 'UAC', dependencias: ['UAC'] },
  comunicacion: { roles: ['comunicacion'], dependenciaId: null, dependencias: [] },
  administrador: { roles: ['administrador'], dependenciaId: null, dependencias: [] },
} as const satisfies Record<string, Pick<UsuarioActor, 'roles' | 'dependenciaId' | 'dependencias'>>

export type Nombre = keyof typeof USUARIOS

/** A town hall of the test's own: database, catalogue and staff. */
export interface Ayuntamiento {
  database: Database
  usuarios: Record<Nombre, UsuarioActor>
  services: ServicesDeps
  outbox: OutboxDeps
  files: Map<string, Uint8Array>
}

/** Opened for the test that calls, dropped when it ends. */
export async function ayuntamiento(): Promise<Ayuntamiento> {
  const { url, drop } = await createTestDatabase()
  const database = await openDatabase(url, ENTITIES, silent)
  onTestFinished(async () => {
    await database.close()
    await drop()
  })
  await loadCatalogo(database.fork(), catalogo, municipio.reglas)
  const files = new Map<string, Uint8Array>()
  const comunes = { municipio, mensajes, secretKey: SECRET, publicUrl: PUBLIC_URL, ahora: () => AHORA }
  const enviar = createStoreOutbound(() => LIMITS)
  return {
    database,
    usuarios: await contratar(database.fork()),
    services: { ...comunes, ...vistasDeCatalogo(catalogo), enviar, limitsOf: () => LIMITS },
    outbox: { ...comunes, log: silent, enviar, files: fileStore(files), channelOf: () => undefined },
    files,
  }
}

function fileStore(files: Map<string, Uint8Array>): OutboxDeps['files'] {
  return {
    put: async (key, bytes) => {
      files.set(key, bytes)
    },
    get: async (key) => {
      const bytes = files.get(key)
      if (!bytes) throw new Error(`there is no file ${key}`)
      return bytes
    },
    delete: async (key) => {
      files.delete(key)
    },
  }
}

async function contratar(em: EntityManager): Promise<Record<Nombre, UsuarioActor>> {
  const actors: [string, UsuarioActor][] = []
  for (const [nombre, one] of Object.entries(USUARIOS)) {
    actors.push([nombre, { tipo: 'usuario', id: await alta(em, nombre, one.roles, one.dependenciaId), ...one }])
  }
  return Object.fromEntries(actors) as Record<Nombre, UsuarioActor>
}

/** A user's row; gives its id. */
export async function alta(em: EntityManager, nombre: string, roles: readonly Rol[], dependenciaId: string | null) {
  const row = await sqlOne<{ id: number }>(
    em,
    `insert into usuario (email, nombre, password_hash, roles, dependencia_id) values ($1, $2, '', $3, $4) returning id`,
    [`${nombre}@altamira.example`, nombre, roles, dependenciaId],
  )
  return row?.id ?? 0
}

/** What a citizen who reports a pothole hands in. */
export const BACHE: BorradorPeticion = {
  categoria: 'BACHEO',
  descripcion: 'Hay un bache enfrente de mi casa',
  datos: { colonia: 'Nuevo Madero', calle: 'Ébano', nombre: 'Persona Única', telefono: '833 123 4567' },
  respuestas: {},
  requisitos: {},
  fotos: [],
  anonima: false,
}

/** A complaint against the police of roads, which only Contraloría may see. */
export const QUEJA: BorradorPeticion = {
  ...BACHE,
  categoria: 'QUEJA_SERVIDOR',
  descripcion: 'Me pidieron dinero',
  respuestas: { motivo: 'Pidió dinero o favores', dependencia: 'un agente de tránsito' },
}

/** Somebody who writes from a channel. */
export interface Vecina {
  addressId: number
  conversationId: number
}

/** A new address with its conversation. */
export async function vecina(em: EntityManager, externalId: string = randomUUID()): Promise<Vecina> {
  const row = await sqlOne<Vecina>(
    em,
    `with a as (insert into address (channel, account, external_id, name) values ('telegram', 'default', $1, 'Mary') returning id),
          c as (insert into conversation (address_id) select id from a returning id, address_id)
     select address_id as "addressId", id as "conversationId" from c`,
    [externalId],
  )
  if (!row) throw new Error('no address was made')
  return row
}

/** Registers as a turn of the chat does. */
export async function registrarDe(
  { database, services }: Ayuntamiento,
  quien: Vecina,
  borrador: BorradorPeticion = BACHE,
): Promise<Registrada> {
  return database
    .fork()
    .transactional((em) =>
      registrar(em, borrador, { tipo: 'chat', ...quien, medio: 'telegram' }, { ...services, ahora: AHORA }),
    )
}

/** A file of a petition, as the panel stores it. */
export async function adjunto(em: EntityManager, peticionId: number, uso: Uso): Promise<string> {
  const id = randomUUID()
  await sql(
    em,
    `insert into attachment (id, peticion_id, uso, kind, status) values ($1, $2, $3, 'document', 'stored')`,
    [id, peticionId, uso],
  )
  return id
}

/** The petition as it lies in the database. */
export async function peticionDe(database: Database, id: number): Promise<Peticion> {
  return database.fork().findOneOrFail(Peticion, { id })
}

/** Tries something and takes it back. */
export async function ensayar<T>(database: Database, what: (em: EntityManager) => Promise<T>): Promise<T> {
  const em = database.fork()
  await em.begin()
  try {
    return await what(em)
  } finally {
    await em.rollback()
  }
}

/** Does it in a transaction of its own. */
export const en = <T>({ database }: Ayuntamiento, what: (em: EntityManager) => Promise<T>): Promise<T> =>
  database.fork().transactional(what)
