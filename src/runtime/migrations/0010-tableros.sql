-- Trays by filter, search over the text too, dashboards, exports.

-- What people call a colonia, whatever the accents and capitals; and the search now also reads what was asked.
alter table peticion
  drop column busqueda,
  add column colonia_clave text generated always as (sin_acentos(colonia)) stored,
  add column busqueda text generated always as (
    sin_acentos(folio || ' ' || coalesce(nombre, '') || ' ' || coalesce(telefono, '') || ' ' || coalesce(colonia, '') || ' ' || coalesce(calle, '') || ' ' || asunto || ' ' || left(descripcion, 2000))
  ) stored;
create index peticion_busqueda on peticion using gin (busqueda gin_trgm_ops);
-- The planner guesses from this sample how common a word is.
alter table peticion alter column busqueda set statistics 500;

-- The newest within reach, whatever their state; and each filter of the tray.
create index peticion_recientes on peticion (dependencia_id, id desc);
create index peticion_registrada on peticion (registrada_at desc, id desc);
create index peticion_categoria on peticion (categoria, estado, id desc);
create index peticion_medio on peticion (medio, estado, id desc);
create index peticion_colonia on peticion (colonia_clave, estado, id desc);
create index movimiento_reabrir on movimiento (peticion_id) where verbo = 'reabrir';

-- A filter of the tray that somebody keeps; `consulta` is its query string.
create table filtro_guardado (
  id bigint generated always as identity primary key,
  usuario_id bigint not null references usuario on delete cascade,
  nombre text not null,
  consulta text not null,
  created_at timestamptz not null default now(),
  unique (usuario_id, nombre)
);

-- A file somebody asked for, and how far it went: the file itself is never kept.
create table exportacion (
  id uuid primary key,
  usuario_id bigint not null references usuario,
  formato text not null check (formato in ('csv', 'xlsx')),
  consulta text not null,
  contacto boolean not null,
  -- Petitions that come later are not in it.
  hasta_id bigint not null,
  total integer not null,
  hechas integer not null default 0,
  status text not null default 'pending' check (status in ('pending', 'running', 'done', 'interrupted')),
  touched_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create index exportacion_usuario on exportacion (usuario_id, created_at desc);
