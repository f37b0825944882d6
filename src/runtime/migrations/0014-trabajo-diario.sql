-- The day of whoever works petitions: forms that are done once, notes that name colleagues, answers written beforehand.

-- A form of the panel that was done: sent again when the signal was lost, it is not done twice.
create table envio (
  clave uuid primary key,
  usuario_id bigint not null references usuario,
  -- Route and words, as SHA-256: the same key with other words is another form.
  huella bytea not null,
  at timestamptz not null
);
create index envio_at on envio (at);

-- Who is named in an internal note, until they say that they read it.
create table mencion (
  movimiento_id bigint not null references movimiento,
  usuario_id bigint not null references usuario,
  enterado_at timestamptz,
  primary key (movimiento_id, usuario_id)
);
create index mencion_pendiente on mencion (usuario_id) where enterado_at is null;

-- Answers written beforehand, for some categories and states; empty lists are all of them.
create table respuesta_guardada (
  id bigint generated always as identity primary key,
  titulo text not null,
  texto text not null,
  categorias text[] not null,
  estados text[] not null,
  version integer not null default 1,
  usuario_id bigint not null references usuario,
  actualizada_at timestamptz not null,
  retirada_at timestamptz
);
create unique index respuesta_guardada_titulo on respuesta_guardada (lower(titulo)) where retirada_at is null;
