-- Of a message that is in the inbox only the digest of its ciphertext is kept, so that a redelivery is known whose keys were used up.
alter table whatsapp_arrival
  alter column external_id drop not null,
  alter column content drop not null,
  add column finished_at timestamptz;

create index whatsapp_arrival_finished on whatsapp_arrival (account, finished_at) where finished_at is not null;
