-- Everything the way of a petition needs. Times are timestamptz; ids are bigint unless said otherwise.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- unaccent() is only STABLE because its dictionary could change; ours never does, so an index may rely on it.
create function sin_acentos(text) returns text
  language sql immutable strict parallel safe
  as $$ select lower(public.unaccent('public.unaccent', $1)) $$;

------------------------------------------------------------------------------------------------ the catalogue

create table dependencia (
  id text primary key,
  nombre text not null,
  tipo text not null,
  depende_de text references dependencia,
  recibe_peticiones boolean not null default true,
  orientacion text,
  retirada_at timestamptz
);

create table categoria (
  id text primary key,
  nombre text not null,
  grupo text not null,
  orden integer not null default 0,
  dependencia_id text not null references dependencia,
  apoyo text[] not null default '{}',
  plazo_dias integer not null check (plazo_dias > 0),
  prioridad text not null check (prioridad in ('baja', 'media', 'alta', 'urgente')),
  ubicacion text not null check (ubicacion in ('requerida', 'opcional', 'no')),
  foto text not null check (foto in ('recomendada', 'opcional', 'no')),
  anonima boolean not null default false,
  reservada boolean not null default false,
  interna boolean not null default false,
  frecuente boolean not null default false,
  palabras text[] not null default '{}',
  preguntas jsonb not null default '[]',
  datos jsonb not null default '{}',
  requisitos jsonb not null default '[]',
  acciones text[] not null default '{}',
  descripcion text not null default 'requerida' check (descripcion in ('requerida', 'opcional', 'no')),
  aviso text,
  orientacion text,
  retirada_at timestamptz
);

create table colonia (
  id bigint generated always as identity primary key,
  nombre text not null,
  tipo text not null default 'Colonia',
  cp text not null default '',
  zona text not null default '',
  latitud double precision,
  longitud double precision,
  retirada_at timestamptz,
  unique (nombre, cp)
);

create table dia_inhabil (
  fecha date primary key,
  nombre text not null
);

------------------------------------------------------------------------------------------------ staff

create table usuario (
  id bigint generated always as identity primary key,
  email text not null,
  nombre text not null,
  telefono text,
  password_hash text not null,
  roles text[] not null check (cardinality(roles) > 0 and roles <@ array['capturista', 'comunicacion', 'enlace', 'titular', 'validador', 'administrador']),
  dependencia_id text references dependencia,
  debe_cambiar_password boolean not null default false,
  created_at timestamptz not null default now(),
  last_login_at timestamptz,
  disabled_at timestamptz
);
create unique index usuario_email on usuario (lower(email));
create index usuario_dependencia on usuario (dependencia_id) where disabled_at is null;

create table session (
  id_hash bytea primary key,
  usuario_id bigint not null references usuario on delete cascade,
  csrf text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ip inet,
  user_agent text
);
create index session_usuario on session (usuario_id);

-- Failed attempts, by what they are counted for (an address, an e-mail and an address…).
create table throttle (
  key text primary key,
  hits integer not null,
  resets_at timestamptz not null
);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  usuario_id bigint references usuario,
  action text not null,
  object_type text,
  object_id text,
  detail jsonb not null default '{}',
  ip inet
);
create index audit_object on audit (object_type, object_id);

-- Where a petition goes when its category alone does not say it: the first rule that fits, by orden.
create table regla_canalizacion (
  id bigint generated always as identity primary key,
  orden integer not null default 0,
  categoria text references categoria,
  colonia text,
  dependencia_id text not null references dependencia,
  usuario_id bigint references usuario,
  de_configuracion boolean not null default false
);

------------------------------------------------------------------------------------------------ people and conversations

create table ciudadano (
  id bigint generated always as identity primary key,
  nombre text,
  telefono text,
  email text,
  created_at timestamptz not null default now()
);
create index ciudadano_telefono on ciudadano (telefono);

create table address (
  id bigint generated always as identity primary key,
  channel text not null,
  account text not null,
  external_id text not null,
  ciudadano_id bigint references ciudadano,
  name text,
  phone text,
  language text,
  aviso_version text,
  aviso_at timestamptz,
  avisos_baja_at timestamptz,
  blocked_at timestamptz,
  blocked_reason text,
  created_at timestamptz not null default now(),
  unique (channel, account, external_id)
);
create index address_ciudadano on address (ciudadano_id);

create table conversation (
  id bigint generated always as identity primary key,
  address_id bigint not null unique references address,
  mode text not null default 'bot' check (mode in ('bot', 'human')),
  flow text,
  flow_version integer not null default 0,
  step text,
  answers jsonb not null default '{}',
  drafts jsonb not null default '[]',
  misses integer not null default 0,
  locale text not null default 'es',
  last_seq bigint not null default 0,
  last_inbound_at timestamptz,
  human_since timestamptz,
  assigned_to bigint references usuario,
  ended_at timestamptz,
  created_at timestamptz not null default now()
);
create index conversation_human on conversation (human_since) where mode = 'human';

create table message (
  id bigint generated always as identity primary key,
  channel text not null,
  account text not null,
  external_id text,
  direction text not null check (direction in ('in', 'out')),
  conversation_id bigint not null references conversation,
  seq bigint,
  kind text not null,
  body jsonb not null,
  status text not null,
  provider_id text,
  attempts integer not null default 0,
  -- Sends whose outcome nobody knows: the process died, or no answer came.
  doubts integer not null default 0,
  due_at timestamptz,
  claimed_until timestamptz,
  error text,
  usuario_id bigint references usuario,
  -- From then on the body is emptied.
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  handled_at timestamptz,
  sent_at timestamptz,
  check (
    (direction = 'in' and status in ('received', 'handled', 'refused', 'failed'))
    or (direction = 'out' and status in ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'ambiguous', 'waiting_window'))
  )
);
-- A redelivery stops here.
create unique index message_inbound on message (channel, account, external_id) where direction = 'in';
create unique index message_seq on message (conversation_id, seq) where seq is not null;
-- What waits for a turn, and what waits to be sent; a conversation sends one message at a time.
create index message_received on message (conversation_id, id) where status = 'received';
create index message_pending on message (conversation_id, seq) where status = 'pending';
create unique index message_sending on message (conversation_id) where status = 'sending';
create index message_due on message (due_at) where status in ('received', 'pending', 'sending');
create index message_dead on message (created_at) where status in ('failed', 'ambiguous', 'waiting_window');
create index message_provider on message (channel, account, provider_id) where provider_id is not null;
create index message_expires on message (expires_at) where expires_at is not null;

------------------------------------------------------------------------------------------------ petitions

create table peticion (
  id bigint generated always as identity primary key,
  folio text not null unique,
  clave_hash bytea not null,
  estado text not null check (estado in ('REGISTRADO', 'CANALIZADO', 'RECIBIDO', 'PROCESO', 'CONCLUIDO', 'VALIDADO', 'ORIENTADA', 'CANCELADO')),
  categoria text not null references categoria,
  dependencia_id text references dependencia,
  enlace_id bigint references usuario,
  ciudadano_id bigint references ciudadano,
  address_id bigint references address,
  medio text not null,
  programa text,
  asunto text not null,
  descripcion text not null,
  latitud double precision,
  longitud double precision,
  colonia text,
  calle text,
  numero text,
  referencias text,
  nombre text,
  telefono text,
  email text,
  respuestas jsonb not null default '{}',
  requisitos jsonb not null default '{}',
  anonima boolean not null default false,
  reservada boolean not null default false,
  prioridad text not null,
  plazo_dias integer not null,
  vence_el date not null,
  resuelto boolean,
  accion_ejecutada text,
  observacion text,
  duplicado_de bigint references peticion,
  capturada_por bigint references usuario,
  turno text,
  -- Of the form it was captured with: posted twice, it makes one petition.
  captura uuid unique,
  version integer not null default 1,
  registrada_at timestamptz not null default now(),
  actualizada_at timestamptz not null default now(),
  canalizada_at timestamptz,
  concluida_at timestamptz,
  validada_at timestamptz,
  busqueda text generated always as (
    sin_acentos(folio || ' ' || coalesce(nombre, '') || ' ' || coalesce(telefono, '') || ' ' || coalesce(colonia, '') || ' ' || coalesce(calle, '') || ' ' || asunto)
  ) stored,
  -- An anonymous petition holds nothing that leads to a person.
  check (not anonima or (ciudadano_id is null and address_id is null and nombre is null and telefono is null and email is null))
);
create index peticion_tray on peticion (dependencia_id, estado, id desc);
create index peticion_estado on peticion (estado, id desc);
create index peticion_enlace on peticion (enlace_id, estado);
create index peticion_address on peticion (address_id, id desc) where address_id is not null;
create index peticion_ciudadano on peticion (ciudadano_id) where ciudadano_id is not null;
create index peticion_vence on peticion (vence_el) where estado in ('REGISTRADO', 'CANALIZADO', 'RECIBIDO', 'PROCESO');
-- The panel's trays go by what is due first; its news by what changed since.
create index peticion_tray_vence on peticion (dependencia_id, estado, vence_el, id);
create index peticion_estado_vence on peticion (estado, vence_el, id);
create index peticion_actualizada on peticion (actualizada_at);
create index peticion_busqueda on peticion using gin (busqueda gin_trgm_ops);

create table movimiento (
  id bigint generated always as identity primary key,
  peticion_id bigint not null references peticion,
  at timestamptz not null default now(),
  verbo text not null,
  de text,
  a text,
  actor text not null check (actor in ('ciudadano', 'usuario', 'sistema')),
  usuario_id bigint references usuario,
  nota text,
  nota_publica text,
  datos jsonb not null default '{}'
);
create index movimiento_peticion on movimiento (peticion_id, id);

create function solo_se_agrega() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name;
end $$;
create trigger movimiento_solo_se_agrega before update or delete on movimiento
  for each row execute function solo_se_agrega();
create trigger audit_solo_se_agrega before update or delete on audit
  for each row execute function solo_se_agrega();

-- A row of work that a transition owes: rows are the truth, jobs only wake them.
create table outbox (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('canalizar', 'notificar')),
  peticion_id bigint not null references peticion,
  movimiento_id bigint not null references movimiento,
  status text not null default 'pending' check (status in ('pending', 'done', 'failed', 'skipped')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  error text,
  message_id bigint references message on delete set null,
  created_at timestamptz not null default now(),
  done_at timestamptz,
  unique (kind, movimiento_id)
);
create index outbox_due on outbox (due_at) where status = 'pending';
create index outbox_dead on outbox (created_at) where status = 'failed';

-- Whoever adds such a row wakes, when it commits, the processes that handle them.
create function despierta_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('canaliza', json_build_object('topic', 'outbox', 'kind', new.kind, 'id', new.id)::text);
  return null;
end $$;
create trigger outbox_despierta after insert on outbox for each row execute function despierta_outbox();

create table attachment (
  id uuid primary key,
  message_id bigint references message,
  conversation_id bigint references conversation,
  peticion_id bigint references peticion,
  movimiento_id bigint references movimiento,
  uso text not null default 'evidencia' check (uso in ('evidencia', 'formato', 'oficio', 'requisito', 'respuesta')),
  usuario_id bigint references usuario,
  kind text not null,
  status text not null default 'pending' check (status in ('pending', 'stored', 'refused', 'failed', 'discarded')),
  source jsonb,
  mime text,
  file_name text,
  bytes bigint,
  storage_key text,
  thumb_key text,
  width integer,
  height integer,
  attempts integer not null default 0,
  due_at timestamptz default now(),
  error text,
  created_at timestamptz not null default now()
);
create index attachment_due on attachment (due_at) where status in ('pending', 'discarded');
create index attachment_message on attachment (message_id) where message_id is not null;
create index attachment_peticion on attachment (peticion_id) where peticion_id is not null;

-- One database sequence a year, made the first time it is asked for.
create function siguiente_folio(anio integer) returns bigint language plpgsql as $$
declare
  nombre text := format('folio_%s', anio);
begin
  if to_regclass(nombre) is null then
    perform pg_advisory_xact_lock(hashtext('folio'), anio);
    execute format('create sequence if not exists %I', nombre);
  end if;
  return nextval(nombre);
end $$;

create sequence turno_diario;

------------------------------------------------------------------------------------------------ processes and channels

create table lease (
  name text primary key,
  holder uuid not null,
  expires_at timestamptz not null
);

create table channel_state (
  channel text not null,
  account text not null,
  cursor text,
  -- When the next send of this account is due by its rate (the theoretical arrival time of GCRA).
  next_send_at timestamptz not null default now(),
  last_inbound_at timestamptz,
  ok boolean,
  detail text,
  updated_at timestamptz not null default now(),
  primary key (channel, account)
);

-- When each periodic task last ended well.
create table latido (
  tarea text primary key,
  at timestamptz not null
);
