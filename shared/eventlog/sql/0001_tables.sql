-- The tables of the log. Nothing outside schema log may write to them; the functions
-- in the following files do, as log_owner.

create table log.head (
    one boolean primary key default true,
    position bigint not null,
    recorded_at timestamptz not null,
    epoch integer not null,
    demonstration boolean not null
) with (
    -- One row, rewritten by every call: room for heap-only updates on its page, and a
    -- vacuum long before its dead versions are worth reading past.
    fillfactor = 10,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 0
);

comment on table log.head is
    'Where the log ends. Its row lock is what makes positions gapless and in commit order.';

insert into log.head (position, recorded_at, epoch, demonstration)
values (
    0,
    '-infinity',
    1,
    coalesce(current_setting('attest.demonstration', true), '') = 'on'
);

-- log.append checks lengths itself: a check constraint is parsed anew by every insert.
create table log.event (
    position bigint primary key,
    event_id uuid not null unique,
    stream text collate "C" not null,
    category text collate "C" not null,
    version bigint not null,
    type text collate "C" not null,
    schema_version smallint not null,
    payload bytea not null,
    metadata bytea not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    leaf bytea not null,
    chain bytea not null,
    unique (stream, version)
) with (
    -- Insert-only: vacuum is wanted for its visibility map, analyse for the planner.
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);

-- A payload is ciphertext and short JSON: compressing it costs more than it saves.
alter table log.event alter column payload set storage external;

create table log.inbox (
    consumer text collate "C" not null,
    event_id uuid not null,
    primary key (consumer, event_id)
);

comment on table log.inbox is 'Messages handled, by exact id, for ever.';

create table log.answer (
    role name not null,
    actor text collate "C" not null check (octet_length(actor) between 1 and 255),
    route text collate "C" not null check (octet_length(route) between 1 and 255),
    key text collate "C" not null check (octet_length(key) between 1 and 255),
    body_sha256 bytea not null check (octet_length(body_sha256) = 32),
    status smallint not null check (status between 100 and 599),
    -- Ids, positions, status and problem codes: 16 KiB is generous for those.
    body bytea not null check (octet_length(body) <= 16384),
    position bigint not null,
    stored_at timestamptz not null,
    primary key (role, actor, route, key)
);

create index answer_stored_at on log.answer (stored_at);

create table log.writer (
    role name not null,
    category text not null check (category ~ '^[a-z]+$'),
    primary key (role, category)
);

create table log.inbox_writer (
    role name not null,
    consumer text not null,
    primary key (role, consumer)
);

create table log.reader (
    role name not null,
    category text not null check (category = '*' or category ~ '^[a-z]+$'),
    primary key (role, category)
);

comment on table log.reader is 'Who may read what; category * is all of them.';

create table log.demonstration_type (type text primary key);

comment on table log.demonstration_type is
    'Types of fact that only a log created for demonstration accepts.';

create function log.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'log.% is append-only: % is refused', tg_table_name, tg_op
        using errcode = 'restrict_violation',
              hint = 'Correct a fact by appending another one.';
end
$$;

create trigger append_only
    before update or delete or truncate on log.event
    for each statement execute function log.refuse_change();

create trigger append_only
    before update or delete or truncate on log.inbox
    for each statement execute function log.refuse_change();

alter table log.event enable always trigger append_only;
alter table log.inbox enable always trigger append_only;
