-- What the citizen says of a petition once it was attended: one row for each petition.
create table encuesta (
  peticion_id bigint primary key references peticion,
  resuelto boolean not null,
  calificacion smallint check (calificacion between 1 and 5),
  motivo text check (motivo in ('sin_hacer', 'mal_hecho', 'volvio', 'tardanza', 'otro')),
  comentario text,
  medio text not null,
  at timestamptz not null
);
create index encuesta_at on encuesta (at);

-- What the staff asks the citizen; while it is open the plazo does not run.
create table aclaracion (
  id bigint generated always as identity primary key,
  peticion_id bigint not null references peticion,
  pregunta text not null,
  hecha_at timestamptz not null,
  -- Until when an answer is awaited.
  vence_el date not null,
  -- The petition's plazo before the question; null when it had run out, and nothing was paused.
  plazo_antes date,
  recordada_at timestamptz,
  cerrada_at timestamptz,
  cierre text check (cierre in ('contestada', 'sin_respuesta', 'retirada')),
  check ((cerrada_at is null) = (cierre is null))
);
create unique index aclaracion_abierta on aclaracion (peticion_id) where cerrada_at is null;
create index aclaracion_vence on aclaracion (vence_el) where cerrada_at is null;
create index aclaracion_peticion on aclaracion (peticion_id);

-- When an unfinished petition was last called to mind, and from which on nothing more is said while a person is awaited.
alter table conversation add column borrador_recordado_at timestamptz, add column espera_avisada_at timestamptz;
create index conversation_a_medias on conversation (last_inbound_at) where flow = 'registrar' or drafts <> '[]'::jsonb;
