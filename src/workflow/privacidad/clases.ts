import { CERRADA } from '../peticion/filtro.ts'

/** What is blocked and erased as one: in one box, in one transaction. */
export type Clase = 'peticion' | 'adjunto' | 'conversacion' | 'mensaje' | 'comentario' | 'ciudadano'

/** The rows of a table that tell of an object; SQL over the row `t`, `$1` is the object's id, `$2` the moment before which it is due. */
export interface Parte {
  tabla: string
  donde: string
}

/** How the objects of a kind are found, and what belongs to each. */
export interface ClaseDef {
  clase: Clase
  /** By which terms of config/municipio.yaml. */
  plazo: 'peticiones' | 'adjuntos' | 'conversaciones' | 'redes'
  /** Ids of what is due: `$1` is the moment before which it must have ended. Without those under a legal hold. */
  vencidos: string
  /** What comes first among what is due; without it, the oldest ids. */
  primero?: string
  /** Whoever writes to the object takes this lock first; SQL, `$1` its id. */
  cerrojo?: string
  /** Whose it is: columns `peticion_id`, `address_id`, `ciudadano_id` by the object's id `$1`. */
  duenos: string
  partes: Parte[]
  /** Notes on the object itself that it was done: `$1` its id, `$2` now, `$3` the moment before which it was due. */
  marcar: string
}

const libre = (clase: string, id: string) =>
  `not exists (select from retenido r where r.clase = '${clase}' and r.id = ${id})`
const CERROJO = 'select 1 from peticion where id = $1 for no key update'
/** What a petition owed, by its movimientos: so an index leads there. */
const DEBIDO = (o: string) =>
  `${o}.movimiento_id in (select m.id from movimiento m where m.peticion_id = $1) and ${o}.kind in ('canalizar', 'notificar', 'sumados')`
const CHAT = 'select c.id from conversation c where c.address_id = $1'

const peticion: ClaseDef = {
  clase: 'peticion',
  plazo: 'peticiones',
  vencidos: `select p.id from peticion p where p.bloqueada_at is null and ${CERRADA} and p.actualizada_at < $1 and ${libre('peticion', 'p.id')}`,
  cerrojo: CERROJO,
  duenos: 'select p.id as peticion_id, p.address_id, p.ciudadano_id from peticion p where p.id = $1',
  partes: [
    { tabla: 'message', donde: `t.outbox_id in (select o.id from outbox o where ${DEBIDO('o')})` },
    { tabla: 'outbox', donde: DEBIDO('t') },
    { tabla: 'attachment', donde: `t.peticion_id = $1 and t.status <> 'bloqueado'` },
    { tabla: 'movimiento', donde: 't.peticion_id = $1' },
    { tabla: 'aclaracion', donde: 't.peticion_id = $1' },
    { tabla: 'encuesta', donde: 't.peticion_id = $1' },
    { tabla: 'peticion_publicacion', donde: 't.peticion_id = $1' },
    { tabla: 'adhesion', donde: 't.peticion_id = $1' },
    { tabla: 'muestra_peticion', donde: 't.peticion_id = $1' },
    { tabla: 'peticion', donde: 't.id = $1' },
  ],
  marcar: 'update peticion set bloqueada_at = $2 where id = $1',
}

const adjunto: ClaseDef = {
  clase: 'adjunto',
  plazo: 'adjuntos',
  vencidos: `select p.id from peticion p where p.bloqueada_at is null and ${CERRADA} and p.actualizada_at < $1
    and exists (select from attachment a where a.peticion_id = p.id and a.status = 'stored') and ${libre('peticion', 'p.id')}`,
  cerrojo: CERROJO,
  duenos: peticion.duenos,
  partes: [{ tabla: 'attachment', donde: `t.peticion_id = $1 and t.status = 'stored'` }],
  marcar: 'select $1::bigint, $2::timestamptz',
}

/** Of this address: what it made or joined whose data are still here. */
const SIGUE = `(exists (select from peticion p where p.address_id = c.address_id and p.bloqueada_at is null)
  or exists (select from adhesion s join peticion p on p.id = s.peticion_id where s.address_id = c.address_id and p.bloqueada_at is null))`

const A_MEDIO_CAMINO = `exists (select from message m where m.conversation_id = c.id and m.status in ('received', 'pending', 'sending'))`

const conversacion: ClaseDef = {
  clase: 'conversacion',
  plazo: 'conversaciones',
  vencidos: `select c.address_id as id from conversation c
    where (c.bloqueada_at is null or c.last_inbound_at > c.bloqueada_at)
      and coalesce(c.last_inbound_at, c.created_at) < $1 and not ${SIGUE} and not ${A_MEDIO_CAMINO}
      and ${libre('address', 'c.address_id')}`,
  duenos: 'select null::bigint as peticion_id, a.id as address_id, a.ciudadano_id from address a where a.id = $1',
  partes: [
    // What came this very moment has its turn first.
    {
      tabla: 'message',
      donde: `t.conversation_id in (${CHAT}) and t.status not in ('received', 'pending', 'sending')`,
    },
    { tabla: 'attachment', donde: `t.conversation_id in (${CHAT}) and t.status <> 'bloqueado'` },
    { tabla: 'traspaso', donde: '(t.address_id = $1 or t.usado_por = $1)' },
    { tabla: 'seguimiento', donde: '(t.address_id = $1 or t.sigue_a = $1)' },
    { tabla: 'adhesion', donde: 't.address_id = $1' },
    { tabla: 'aviso_activo_sumado', donde: 't.address_id = $1' },
    {
      tabla: 'bot_framework_reference',
      donde: `exists (select from address a where a.id = $1 and a.channel = 'bot-framework' and a.account = t.account and a.external_id = t.address)`,
    },
    // Keys of the peer's devices are named by the number or the LID, alone or with a device.
    {
      tabla: 'whatsapp_key',
      donde: `exists (select from address a cross join unnest(array[split_part(a.external_id, '@', 1), ltrim(a.phone, '+')]) numero
        where a.id = $1 and a.channel = 'whatsapp' and a.account = t.account and numero ~ '^[0-9]{6,}$' and t.id ~ ('(^|[^0-9])' || numero || '([^0-9]|$)'))`,
    },
    { tabla: 'conversation', donde: 't.address_id = $1' },
    { tabla: 'address', donde: 't.id = $1' },
  ],
  marcar: 'update conversation set bloqueada_at = $2 where address_id = $1',
}

/** What was said so long ago in a conversation that still goes on, and belongs to no petition that is still here. */
const DICHO_ANTES = `t.created_at < $2 and t.body <> '{}'::jsonb and t.status not in ('received', 'pending', 'sending')`
const DE_NINGUNA = `not exists (select from conversation c join peticion p on p.address_id = c.address_id
  where c.id = t.conversation_id and p.bloqueada_at is null and p.registrada_at < t.created_at + interval '30 days')`

const mensaje: ClaseDef = {
  clase: 'mensaje',
  plazo: 'conversaciones',
  // Each conversation is looked at once a week: what became due since is little.
  vencidos: `select c.id from conversation c
    where c.bloqueada_at is null and c.created_at < $1 and coalesce(c.depurada_at, '-infinity') < $1 - interval '7 days'
      and ${libre('address', 'c.address_id')}`,
  // All come round, also where more are due in a week than a week's runs take.
  primero: 'c.depurada_at nulls first',
  duenos: `select null::bigint as peticion_id, a.id as address_id, a.ciudadano_id
    from conversation c join address a on a.id = c.address_id where c.id = $1`,
  partes: [
    {
      tabla: 'attachment',
      donde: `t.conversation_id = $1 and t.peticion_id is null and t.status <> 'bloqueado' and t.created_at < $2 and ${DE_NINGUNA}`,
    },
    { tabla: 'message', donde: `t.conversation_id = $1 and ${DICHO_ANTES} and ${DE_NINGUNA}` },
  ],
  marcar: 'update conversation set depurada_at = $3 where id = $1 and $2::timestamptz is not null',
}

const comentario: ClaseDef = {
  clase: 'comentario',
  plazo: 'redes',
  vencidos: `select k.id from comentario k left join peticion p on p.id = k.peticion_id
    where k.bloqueado_at is null and k.recibido_at < $1 and coalesce(k.publicado_at, k.recibido_at) < $1
      and (p.id is null or p.bloqueada_at is not null)
      and (k.peticion_id is null or ${libre('peticion', 'k.peticion_id')}) and (k.address_id is null or ${libre('address', 'k.address_id')})`,
  duenos: `select k.peticion_id, k.address_id, a.ciudadano_id from comentario k left join address a on a.id = k.address_id where k.id = $1`,
  partes: [
    { tabla: 'comentario_suceso', donde: 't.comentario_id = $1' },
    { tabla: 'comentario_acto', donde: 't.comentario_id = $1' },
    { tabla: 'comentario', donde: 't.id = $1' },
  ],
  marcar: 'update comentario set bloqueado_at = $2 where id = $1',
}

const ciudadano: ClaseDef = {
  clase: 'ciudadano',
  plazo: 'peticiones',
  vencidos: `select c.id from ciudadano c
    where c.bloqueado_at is null and c.created_at < $1
      and not exists (select from peticion p where p.ciudadano_id = c.id)
      and not exists (select from address a where a.ciudadano_id = c.id)
      and not exists (select from ciudadano otro where otro.unido_a = c.id and otro.bloqueado_at is null)
      and ${libre('ciudadano', 'c.id')}`,
  duenos:
    'select null::bigint as peticion_id, null::bigint as address_id, c.id as ciudadano_id from ciudadano c where c.id = $1',
  partes: [
    { tabla: 'union_de_ciudadanos', donde: '(t.queda = $1 or t.unido = $1)' },
    { tabla: 'ciudadano', donde: 't.id = $1' },
  ],
  marcar: 'update ciudadano set bloqueado_at = $2 where id = $1',
}

/** In the order in which they are looked at: what a person is known by goes after what they asked and said. */
export const CLASES: readonly ClaseDef[] = [peticion, adjunto, conversacion, mensaje, comentario, ciudadano]

/** @throws {Error} for a kind there is not. */
export function claseDe(nombre: Clase): ClaseDef {
  const found = CLASES.find(({ clase }) => clase === nombre)
  if (!found) throw new Error(`there is no kind of personal data called ${nombre}`)
  return found
}
