-- What the municipality edits, with its history. Every publication is a row with the documents it changed, each whole; nothing is
-- ever changed or taken away. The newest version of each document is the one in force.
create table configuracion_publicacion (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  origen text not null check (origen in ('archivo', 'panel', 'importacion')),
  usuario_id bigint references usuario,
  nota text not null default '',
  deshace bigint references configuracion_publicacion,
  efecto jsonb not null default '{}',
  check ((origen = 'panel') = (usuario_id is not null))
);

create table configuracion_version (
  documento text not null,
  publicacion_id bigint not null references configuracion_publicacion,
  contenido text not null,
  sha256 text not null,
  primary key (documento, publicacion_id)
);

-- What each file of config/ said when it was last read: only what changed in it since is an edit.
create table configuracion_archivo (
  documento text primary key,
  contenido text not null,
  visto_at timestamptz not null default now()
);

-- What an administrator has changed and not published yet.
create table configuracion_borrador (
  usuario_id bigint primary key references usuario on delete cascade,
  cambios jsonb not null default '[]',
  deshace bigint references configuracion_publicacion,
  updated_at timestamptz not null default now()
);

create trigger configuracion_publicacion_solo_se_agrega before update or delete on configuracion_publicacion
  for each row execute function solo_se_agrega();
create trigger configuracion_version_solo_se_agrega before update or delete on configuracion_version
  for each row execute function solo_se_agrega();
