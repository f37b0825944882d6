-- Linked WhatsApp numbers. What is secret is sealed by the program (AES-256-GCM, key outside the database).
create table whatsapp_account (
  account text primary key,
  -- Grows with each process that takes the number over: a write under an older epoch is refused.
  epoch bigint not null default 0,
  creds bytea,
  -- What the panel shows, also of a number whose socket another process holds.
  state text not null default 'off',
  reason text,
  since timestamptz not null default now(),
  phone text,
  -- The QR or the pairing code shown now, sealed: who sees it can link a device.
  pairing bytea,
  last_message_at timestamptz,
  -- What staff ask of the process that holds the number.
  asked text check (asked in ('restart', 'disconnect', 'pair')),
  updated_at timestamptz not null default now()
);

create table whatsapp_key (
  account text not null references whatsapp_account on delete cascade,
  type text not null,
  id text not null,
  value bytea not null,
  primary key (account, type, id)
);

-- Messages decrypted and not yet in our inbox: written in the transaction that moves the keys, which comes before the receipt.
create table whatsapp_arrival (
  id bigint generated always as identity primary key,
  account text not null references whatsapp_account on delete cascade,
  -- SHA-256 of the ciphertext: a redelivery cannot be decrypted a second time.
  digest bytea not null,
  external_id text not null,
  content bytea not null,
  created_at timestamptz not null default now(),
  unique (account, digest)
);
create index whatsapp_arrival_message on whatsapp_arrival (account, external_id);
