-- The work of the panel: acts on many petitions at once, who looks at what, audits by sample, sums for the dashboards.

-- One act on many petitions, asked for once: its id is the key of the form.
create table lote (
  id uuid primary key,
  usuario_id bigint not null references usuario,
  verbo text not null check (verbo in ('recibir', 'canalizar', 'recanalizar', 'validar', 'anotar')),
  -- What the verb is done with: dependencia, enlace, motivo, nota.
  datos jsonb not null default '{}',
  created_at timestamptz not null default now(),
  -- Until then it may be taken back, and nobody outside is told.
  deshacer_hasta timestamptz not null,
  deshecho_at timestamptz
);
create index lote_usuario on lote (usuario_id, created_at desc);

create table lote_peticion (
  lote_id uuid not null references lote on delete cascade,
  peticion_id bigint not null references peticion,
  -- As it was when it was chosen.
  version integer not null,
  -- `hecha`, or the code of what stood in the way; null while it waits.
  resultado text,
  movimiento_id bigint references movimiento,
  -- What the verb replaced, to be put back.
  antes jsonb,
  -- The same of taking it back.
  vuelta text,
  primary key (lote_id, peticion_id)
);
create index lote_peticion_espera on lote_peticion (lote_id) where resultado is null;

-- Who has a petition or a conversation before them now: one row for each open page. Worth nothing after a crash.
create unlogged table presencia (
  pagina uuid primary key,
  objeto text not null check (objeto in ('peticion', 'conversacion')),
  objeto_id bigint not null,
  usuario_id bigint not null references usuario on delete cascade,
  visto_at timestamptz not null default clock_timestamp(),
  escribe_hasta timestamptz
);
create index presencia_objeto on presencia (objeto, objeto_id);

-- When somebody looked at their tray, and what they looked for.
create table vistazo (
  usuario_id bigint primary key references usuario on delete cascade,
  -- Of this visit and of the one before it.
  at timestamptz not null,
  antes timestamptz,
  filtro text
);

-- Petitions drawn for audit: the same seed over the same petitions draws the same ones again.
create table muestra (
  id bigint generated always as identity primary key,
  semilla text not null,
  del date not null,
  al date not null,
  dependencia_id text references dependencia,
  tamano integer not null check (tamano between 1 and 100),
  -- How many there were to draw from.
  universo integer not null,
  usuario_id bigint not null references usuario,
  created_at timestamptz not null
);
create table muestra_peticion (
  muestra_id bigint not null references muestra on delete cascade,
  peticion_id bigint not null references peticion,
  orden integer not null,
  bien boolean,
  motivo text check (motivo in ('sin_evidencia', 'evidencia_ajena', 'no_se_hizo', 'mal_explicada', 'otro')),
  nota text,
  usuario_id bigint references usuario,
  revisada_at timestamptz,
  primary key (muestra_id, peticion_id),
  check ((bien is null) = (revisada_at is null)),
  check (bien is distinct from false or motivo is not null)
);

-- Sums of petitions by the day (`d`) and month (`m`) of their receipt, for a whole town (ambito `*`), for each dependencia, and
-- for those without one (`-`); told apart by `conjunto` and `clave`.
create table suma (
  grano char(1) not null check (grano in ('d', 'm')),
  desde date not null,
  ambito text not null,
  reservada boolean not null,
  conjunto text not null,
  clave text,
  escrita text,
  recibidas integer not null,
  pendientes integer not null,
  resueltas integer not null,
  no_resueltas integer not null,
  reabiertas integer not null,
  opinadas integer not null,
  puntos integer not null,
  -- How many were answered in so many working days.
  dias jsonb
);
create index suma_lugar on suma (grano, ambito, desde);

-- Months whose sums hold, by the calendar of working days they were made with.
create table suma_mes (
  mes date primary key,
  calendario text not null
);

-- That a petition received then has changed since its sums were made. Rows are added with the change and removed with the new sums.
create table suma_cambio (
  id bigint generated always as identity primary key,
  registrada_at timestamptz not null
);

create function anota_cambio_de_peticion() returns trigger language plpgsql as $$
begin
  insert into suma_cambio (registrada_at) values (new.registrada_at);
  if tg_op = 'UPDATE' and old.registrada_at <> new.registrada_at then
    insert into suma_cambio (registrada_at) values (old.registrada_at);
  end if;
  return null;
end $$;
create trigger peticion_en_suma after insert or update of estado, categoria, dependencia_id, colonia, medio, enlace_id, resuelto, concluida_at, registrada_at, reservada
  on peticion for each row execute function anota_cambio_de_peticion();

create function anota_cambio_de_opinion() returns trigger language plpgsql as $$
begin
  insert into suma_cambio (registrada_at) select registrada_at from peticion where id = new.peticion_id;
  return null;
end $$;
create trigger encuesta_en_suma after insert or update on encuesta for each row execute function anota_cambio_de_opinion();

-- A dependencia's petitions of a period, for what is read from the rows.
create index peticion_dependencia_registrada on peticion (dependencia_id, registrada_at);
-- What waits, by when it came: few rows, that every dashboard counts.
create index peticion_abierta on peticion (registrada_at) where estado in ('REGISTRADO', 'CANALIZADO', 'RECIBIDO', 'PROCESO');
