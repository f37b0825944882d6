-- One person, several addresses: joined by staff or by a code, taken apart again, with notices by another of them.
create index address_phone on address (phone) where phone is not null;
-- They said themselves that they want notices here; without it nothing unsolicited goes where only answers are allowed, nor by
-- another address than the petition's own.
alter table address add column avisos_alta_at timestamptz;

-- Set while this person is taken to be another one; their rows stay to be restored.
alter table ciudadano add column unido_a bigint references ciudadano check (unido_a <> id);

-- Who was joined to whom, by whom and why, and what belonged to each, so that it can be taken apart.
create table union_de_ciudadanos (
  id bigint generated always as identity primary key,
  queda bigint not null references ciudadano,
  unido bigint not null references ciudadano,
  origen text not null check (origen in ('usuario', 'codigo', 'cuenta')),
  usuario_id bigint references usuario,
  motivo text,
  addresses bigint[] not null,
  peticiones bigint[] not null,
  at timestamptz not null default now(),
  separada_at timestamptz,
  separada_por bigint references usuario,
  separada_motivo text,
  check ((origen = 'usuario') = (usuario_id is not null)),
  check (separada_at is null or separada_por is not null)
);
create unique index union_vigente on union_de_ciudadanos (unido) where separada_at is null;
create index union_queda on union_de_ciudadanos (queda);

-- From this address one may ask for the petitions of that one: both were shown to be the same person's by a code.
create table seguimiento (
  address_id bigint not null references address,
  sigue_a bigint not null references address,
  primary key (address_id, sigue_a)
);

-- One-time codes that carry a draft from one address to another. The draft is named by since when it is being told.
create table traspaso (
  id bigint generated always as identity primary key,
  code_hash bytea not null unique,
  address_id bigint not null references address,
  borrador text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  usado_por bigint references address,
  usado_at timestamptz,
  -- When the draft went over, and since when it is being told at its new place.
  hecho_at timestamptz,
  desde timestamptz
);
create unique index traspaso_vigente on traspaso (address_id) where usado_at is null;
create index traspaso_usado on traspaso (usado_por, desde) where usado_por is not null;

-- Which notice a message is (a long one has several parts), and the message by which it went instead, at another address.
alter table message add column outbox_id bigint references outbox;
alter table message add column moved_to bigint references message;
create index message_outbox on message (outbox_id) where outbox_id is not null;
