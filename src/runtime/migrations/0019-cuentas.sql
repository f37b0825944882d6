-- A second step at the door, links by which one chooses a password, and sessions that are half open until the second step.

alter table usuario
  -- The key of the authenticator app, sealed; asked for once it was proven.
  add column totp_secreto bytea,
  add column totp_desde timestamptz,
  -- The last 30-second step whose code was accepted: no code opens twice.
  add column totp_paso bigint;

-- Codes for whoever lost the phone, as argon2id strings; each opens once.
create table codigo_de_recuperacion (
  id bigint generated always as identity primary key,
  usuario_id bigint not null references usuario on delete cascade,
  hash text not null,
  usado_at timestamptz
);
create index codigo_de_recuperacion_usuario on codigo_de_recuperacion (usuario_id) where usado_at is null;

-- Link by which a person chooses their password, once; a newer one takes the place of the older. Only the token's hash is kept.
create table liga_de_acceso (
  usuario_id bigint primary key references usuario on delete cascade,
  token_hash bytea not null unique,
  motivo text not null check (motivo in ('invitacion', 'restablecer', 'olvido')),
  creada_por bigint references usuario,
  creada_at timestamptz not null default now(),
  vence_at timestamptz not null
);

-- The password was right; the code is still to come.
alter table session add column a_medias boolean not null default false;
