-- How each channel account is doing, whichever process holds it.

-- What a process last knew of its connection; `ok` and `detail` are of the same moment.
alter table channel_state add column code text;
alter table channel_state add column since timestamptz;
alter table channel_state add column noted_at timestamptz;
alter table channel_state add column ok_at timestamptz;
-- When the platform was last asked whether the account may work, by whichever process took its turn.
alter table channel_state add column checked_at timestamptz;

-- The circuit of its sends. Failures since one went well, and some of the conversations they were of: one message that the
-- platform chokes on is no reason to stop all others.
alter table channel_state add column failures integer not null default 0;
alter table channel_state add column failing bigint[] not null default '{}';
alter table channel_state add column error_code text;
alter table channel_state add column error text;
alter table channel_state add column error_at timestamptz;
-- Since when its sends wait, and when the next one may try whether it works again; probes are tries that failed.
alter table channel_state add column paused_at timestamptz;
alter table channel_state add column probe_at timestamptz;
alter table channel_state add column probes integer not null default 0;

-- A telephone to pair by a code, with the order to pair: '' is by QR, null as it was configured.
alter table whatsapp_account add column asked_phone text;

-- What the panel counts for each account.
create index message_sent on message (channel, account, sent_at) where sent_at is not null;
create index message_arrived on message (channel, account, created_at) where direction = 'in';
create index address_blocked on address (channel, account) where blocked_at is not null;
