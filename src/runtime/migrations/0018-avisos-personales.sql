-- What the staff is told: in the panel, by e-mail, by push; and citizens whom no notice reaches.

-- One row for a person and an occurrence. Whose object left their reach does not see it: lists ask the same predicate.
create table aviso_personal (
  id bigint generated always as identity primary key,
  usuario_id bigint not null references usuario,
  evento text not null,
  -- Which occurrence: a movimiento, a due date, the hour somebody began to wait. Written twice it is one.
  clave text not null,
  peticion_id bigint references peticion,
  conversation_id bigint references conversation,
  -- A channel's account, as channel/account.
  cuenta text,
  -- Of an anonymous petition the hour only.
  at timestamptz not null,
  leido_at timestamptz,
  -- Was it looked at who is told by e-mail and push? Then `resumen` waits for the next digest, which `correo_id` names.
  repartido boolean not null default false,
  resumen boolean not null default false,
  correo_id bigint,
  unique (usuario_id, evento, clave),
  check (num_nonnulls(peticion_id, conversation_id, cuenta) = 1)
);
create index aviso_personal_lista on aviso_personal (usuario_id, id desc);
create index aviso_personal_sin_leer on aviso_personal (usuario_id) where leido_at is null;
create index aviso_personal_peticion on aviso_personal (peticion_id, evento) where peticion_id is not null;
create index aviso_personal_conversation on aviso_personal (conversation_id) where conversation_id is not null;
create index aviso_personal_por_repartir on aviso_personal (id) where not repartido;
create index aviso_personal_resumen on aviso_personal (usuario_id) where resumen and correo_id is null;

-- How each one wants to be told; without a row, as config/municipio.yaml says.
create table preferencia_de_avisos (
  usuario_id bigint primary key references usuario,
  correo text not null check (correo in ('urgentes', 'al_momento', 'resumen', 'ninguno')),
  resumen text not null check (resumen in ('ambos', 'manana', 'mediodia')),
  -- Neither e-mail nor push between these hours; null: those of the municipality.
  silencio_de time,
  silencio_a time,
  informe_mensual boolean not null default false,
  check ((silencio_de is null) = (silencio_a is null))
);

-- E-mails to the staff. Times are cut to the hour once it was sent: they match no chat of an anonymous petition.
create table correo (
  id bigint generated always as identity primary key,
  usuario_id bigint not null references usuario,
  clase text not null check (clase in ('aviso', 'resumen', 'informe', 'prueba')),
  clave text not null,
  status text not null default 'pending' check (status in ('pending', 'sending', 'sent', 'failed', 'skipped')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  claimed_until timestamptz,
  -- Where it went or was refused.
  para text,
  error text,
  -- The address itself was refused: sending again does not help.
  rechazado boolean not null default false,
  sent_at timestamptz,
  unique (usuario_id, clase, clave)
);
create index correo_por_enviar on correo (due_at) where status in ('pending', 'sending');
create index correo_fallido on correo (id desc) where status = 'failed';
create index correo_usuario on correo (usuario_id, id desc);
alter table aviso_personal add foreign key (correo_id) references correo on delete set null;

-- Browsers that asked for notices.
create table suscripcion_push (
  id bigint generated always as identity primary key,
  usuario_id bigint not null references usuario,
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null
);
create index suscripcion_push_usuario on suscripcion_push (usuario_id);

create table envio_push (
  aviso_id bigint not null references aviso_personal on delete cascade,
  suscripcion_id bigint not null references suscripcion_push on delete cascade,
  due_at timestamptz not null,
  attempts integer not null default 0,
  primary key (aviso_id, suscripcion_id)
);
create index envio_push_due on envio_push (due_at);
create index envio_push_suscripcion on envio_push (suscripcion_id);

-- The key pair by which push services know us, sealed with a key derived from SECRET_KEY; one row.
create table clave_push (
  id boolean primary key default true check (id),
  publica text not null,
  privada bytea not null
);

-- Somebody told the citizen what no channel could: what was undelivered up to then is settled, until it is undone.
create table avisado_aparte (
  id bigint generated always as identity primary key,
  peticion_id bigint not null references peticion,
  movimiento_id bigint not null references movimiento,
  usuario_id bigint not null references usuario,
  -- The last message, and the last work of the outbox, that it settles.
  hasta_message bigint not null,
  hasta_outbox bigint not null,
  at timestamptz not null,
  deshecho_at timestamptz
);
create unique index avisado_aparte_peticion on avisado_aparte (peticion_id) where deshecho_at is null;
create index outbox_sin_avisar on outbox (peticion_id) where status = 'skipped' and kind = 'notificar';
create index address_bloqueada on address (id) where blocked_at is not null;
