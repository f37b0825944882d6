-- The counter: who waits in person and is called, screens of waiting rooms, captures left for later, requests that are valued first.

-- One turno of the day at a módulo. Holds no name: whose it is says the petition, if there is one.
create table turno (
  id bigint generated always as identity primary key,
  numero text not null,
  modulo text not null,
  -- Not of an anonymous petition: its hour is nobody's to know.
  peticion_id bigint unique references peticion,
  estado text not null default 'espera' check (estado in ('espera', 'llamado', 'ausente', 'atendido')),
  emitido_at timestamptz not null,
  llamado_at timestamptz,
  llamados integer not null default 0,
  llamado_por bigint references usuario,
  cerrado_at timestamptz
);
create index turno_modulo on turno (modulo, emitido_at);

-- A screen that shows called turnos without anybody logged in, by a link of which only the hash is kept.
create table pantalla_de_espera (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  -- null shows all módulos.
  modulo text,
  creada_por bigint not null references usuario,
  creada_at timestamptz not null,
  vista_at timestamptz,
  retirada_at timestamptz
);

-- The módulo where one works, until one says another.
alter table usuario add column modulo text;

-- A capture whose requirements are not complete yet: what was typed, until the person comes back.
create table captura_pendiente (
  captura uuid primary key,
  categoria text not null references categoria,
  escrito jsonb not null,
  faltan text[] not null default '{}',
  usuario_id bigint not null references usuario,
  creada_at timestamptz not null,
  actualizada_at timestamptz not null
);
create index captura_pendiente_at on captura_pendiente (actualizada_at);

-- Requests for social help are valued before they are directed; null for all others.
alter table peticion add column valoracion text check (valoracion in ('pendiente', 'aceptada', 'no_aceptada'));
