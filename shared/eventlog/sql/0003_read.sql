-- Reading: every function answers only what the caller's role may read.

create function log.readable(wanted text[]) returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
-- The categories to read: those of the role, or of them the wanted ones; null is all.
declare
    own text[] := array(select r.category from log.reader as r where r.role = session_user);
begin
    if '*' = any (own) then
        return wanted;
    end if;
    own := own || 'clock'::text;
    if wanted is null then
        return own;
    end if;
    if not wanted <@ own then
        raise exception 'role % may not read every category of %', session_user, wanted
            using errcode = 'insufficient_privilege';
    end if;
    return wanted;
end
$$;

create function log.own_categories() returns text[]
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select log.readable(null)
$$;

comment on function log.own_categories is
    'What log.read_after answers to this role when it wants no category; null is all.';

create function log.read_after(
    after_position bigint, up_to_position bigint, wanted text[], max_events integer
) returns setof log.event
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    own text[] := log.readable(wanted);
begin
    if own is null then
        return query
            select e.* from log.event as e
            where e.position > after_position and e.position <= up_to_position
            order by e.position
            limit max_events;
    else
        return query
            select e.* from log.event as e
            where e.position > after_position and e.position <= up_to_position
                and e.category = any (own)
            order by e.position
            limit max_events;
    end if;
end
$$;

create function log.facts_after(
    after_position bigint, wanted text[], max_events integer
) returns table (
    "position" bigint, stream text, type text, schema_version smallint, payload bytea
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
-- What folding needs, and no more: reading the log from end to end is bound by columns.
#variable_conflict use_column
declare
    own text[] := log.readable(wanted);
begin
    return query
        select e.position, e.stream, e.type, e.schema_version, e.payload
        from log.event as e
        where e.position > after_position and (own is null or e.category = any (own))
        order by e.position
        limit max_events;
end
$$;

create function log.read_stream(
    wanted_stream text, after_version bigint, up_to_version bigint
) returns setof log.event
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform log.readable(array[split_part(wanted_stream, '-', 1)]);
    return query
        select e.* from log.event as e
        where e.stream = wanted_stream
            and e.version > after_version
            and e.version <= up_to_version
        order by e.version;
end
$$;

create function log.streams(prefix text) returns setof text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
-- Hops from stream to stream along the index, so long streams cost no more than short.
declare
    own text[] := log.readable(null);
    found_stream text;
begin
    select e.stream into found_stream
    from log.event as e
    where e.stream >= prefix
    order by e.stream
    limit 1;
    while found_stream is not null and starts_with(found_stream, prefix) loop
        if own is null or split_part(found_stream, '-', 1) = any (own) then
            return next found_stream;
        end if;
        select e.stream into found_stream
        from log.event as e
        where e.stream > found_stream
        order by e.stream
        limit 1;
    end loop;
end
$$;

create function log.answer(
    asked_actor text, asked_route text, asked_key text,
    out body_sha256 bytea, out status smallint, out body bytea, out "position" bigint
) returns setof record
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select a.body_sha256, a.status, a.body, a.position
    from log.answer as a
    where a.role = session_user
        and a.actor = asked_actor and a.route = asked_route and a.key = asked_key
$$;

create function log.handled(asked_consumer text, asked_event_ids uuid[])
returns setof uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from log.inbox_writer as w
        where w.role = session_user and w.consumer = asked_consumer
    ) and not exists (
        select from log.reader as r where r.role = session_user and r.category = '*'
    ) then
        raise exception 'role % may not read the inbox of %', session_user, asked_consumer
            using errcode = 'insufficient_privilege';
    end if;
    return query
        select i.event_id from log.inbox as i
        where i.consumer = asked_consumer and i.event_id = any (asked_event_ids);
end
$$;

create function log.head(
    out "position" bigint, out chain bytea, out epoch integer, out demonstration boolean
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        h.position,
        coalesce(e.chain, decode(repeat('00', 32), 'hex')),
        h.epoch,
        h.demonstration
    from log.head as h
    left join log.event as e on e.position = h.position
    where h.one
$$;

create function log.forget_answers() returns bigint
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    -- 30 days: architecture.md, "Idempotent requests".
    with forgotten as (
        delete from log.answer
        where stored_at < clock_timestamp() - interval '30 days'
        returning 1
    )
    select count(*) from forgotten
$$;

create function log.restore_epoch() returns integer
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    -- Without definer's rights and without a grant: for the owner of the log alone,
    -- after a restore and before any service starts.
    update log.head set epoch = epoch + 1 where one returning epoch
$$;
