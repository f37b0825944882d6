-- Where each conversation of the Bot Framework is answered: a turn's context is gone after its turn, and only an authenticated
-- activity may say this.
create table bot_framework_reference (
  account text not null,
  -- As in address.external_id; the row may be there a moment before the address.
  address text not null,
  reference jsonb not null,
  -- Of the activity that said so, by the platform's clock: an older one that comes late changes nothing.
  seen_at timestamptz not null,
  updated_at timestamptz not null default now(),
  primary key (account, address)
);
