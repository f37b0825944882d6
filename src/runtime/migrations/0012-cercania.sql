-- What several people report: one joins another's petition, staff gather those of one trouble, or publish it beforehand.

-- Who also wants to hear of a petition that somebody else made. Never of an anonymous or reserved one.
create table adhesion (
  peticion_id bigint not null references peticion,
  address_id bigint not null references address,
  at timestamptz not null,
  primary key (peticion_id, address_id)
);
create index adhesion_address on adhesion (address_id);

-- The petition with which this one is attended: what is concluded there can be concluded here too.
alter table peticion add column principal_id bigint references peticion check (principal_id <> id);
create index peticion_principal on peticion (principal_id) where principal_id is not null;

-- Notices to those who joined.
alter table outbox drop constraint outbox_kind_check,
  add constraint outbox_kind_check check (kind in ('canalizar', 'notificar', 'sumados'));

-- What staff know and tell before anybody reports it: "Corte de agua en ... hasta las 18 h".
create table aviso_activo (
  id bigint generated always as identity primary key,
  texto text not null,
  categorias text[] not null check (cardinality(categorias) > 0),
  -- As `sin_acentos` writes them; empty for the whole municipality.
  colonias text[] not null,
  desde timestamptz not null,
  hasta timestamptz not null check (hasta > desde),
  usuario_id bigint not null references usuario,
  created_at timestamptz not null,
  -- Taken back before its end.
  retirado_at timestamptz,
  -- How many were told of it when they wanted to report it.
  oidos integer not null default 0,
  -- When those who joined were told that it ended.
  terminado_at timestamptz
);
create index aviso_activo_abierto on aviso_activo (hasta) where terminado_at is null;

-- Who wants to hear when it ends.
create table aviso_activo_sumado (
  aviso_id bigint not null references aviso_activo,
  address_id bigint not null references address,
  at timestamptz not null,
  primary key (aviso_id, address_id)
);
create index aviso_activo_sumado_address on aviso_activo_sumado (address_id);
