-- The ledger adds up the outbox of one day; rows arrive in the order of time.
create index outbox_dia on outbox using brin (created_at) with (pages_per_range = 32);

-- What a conversation keeps is looked for when its data are blocked.
create index attachment_conversation on attachment (conversation_id) where conversation_id is not null;
