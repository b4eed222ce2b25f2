-- Appending. One call is one transaction is one group of units of work; nobody's round
-- trip happens while the head row is locked.

create function log.leaf(
    "position" bigint,
    event_id uuid,
    stream text,
    category text,
    version bigint,
    type text,
    schema_version smallint,
    occurred_at timestamptz,
    recorded_at timestamptz,
    payload bytea,
    metadata bytea
) returns bytea
language sql
stable
as $$
    -- Byte by byte: docs/event-log.md. array_send writes a header of 20 bytes, then every
    -- element after its length. No search path of its own, so that it can be inlined.
    select pg_catalog.sha256('\x00'::bytea || pg_catalog.substr(
        pg_catalog.array_send(array[
            pg_catalog.int8send("position"),
            pg_catalog.uuid_send(event_id),
            pg_catalog.convert_to(stream, 'UTF8'),
            pg_catalog.convert_to(category, 'UTF8'),
            pg_catalog.int8send(version),
            pg_catalog.convert_to(type, 'UTF8'),
            pg_catalog.int2send(schema_version),
            pg_catalog.timestamptz_send(occurred_at),
            pg_catalog.timestamptz_send(recorded_at),
            payload,
            metadata
        ]),
        21
    ))
$$;

create function log.settle(
    units integer,
    write_unit integer[],
    write_stream text[],
    write_expected bigint[],
    write_events integer[],
    event_id uuid[],
    event_type text[],
    event_schema_version smallint[],
    event_payload bytea[],
    event_occurred_at timestamptz[],
    mark_unit integer[],
    mark_consumer text[],
    mark_event_id uuid[],
    answer_unit integer[],
    answer_actor text[],
    answer_route text[],
    answer_key text[],
    head_position bigint,
    out outcomes text[],
    out positions bigint[],
    out conflicts text[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
-- Decides unit by unit, in order of arrival, what becomes of each: the careful path, for
-- a group in which something was there before or streams repeat. Needs the head lock.
declare
    found_one record;
    event_unit integer[];
    event_stream text[];
    stream_of integer[];
    running bigint[];
    first_write integer := 1;
    last_write integer;
    wins boolean;
begin
    outcomes := array_fill('written'::text, array[units]);
    positions := array_fill(head_position, array[units]);
    conflicts := array_fill(null::text, array[units]);

    -- 1. Event ids that are in the log already. With other content than then it is an
    --    error, unless 2 or 3 recognise the unit, a cause that was decided once more, or
    --    4 finds that it was decided twice at the same time.
    --    Unit and stream of every event first: a join would be by nested loop.
    select array_agg(unit order by write, n), array_agg(stream order by write, n)
    into event_unit, event_stream
    from
        unnest(write_unit, write_stream, write_events)
            with ordinality as w (unit, stream, events, write),
        generate_series(1, events) as n;
    for found_one in
        select
            given.unit,
            count(stored.position) = count(*) as is_complete,
            bool_and(
                stored.stream = given.stream
                and stored.type = given.type
                and stored.schema_version = given.schema_version
                and stored.payload = given.payload
                and stored.occurred_at = given.occurred_at
            ) as is_same,
            max(stored.position) as position
        from unnest(
            event_unit, event_stream, event_id, event_type, event_schema_version,
            event_payload, event_occurred_at
        ) as given (
            unit, stream, event_id, type, schema_version, payload, occurred_at
        )
        left join log.event as stored on stored.event_id = given.event_id
        group by given.unit
        having count(stored.position) > 0
    loop
        if found_one.is_complete and found_one.is_same then
            outcomes[found_one.unit] := 'repeated';
            positions[found_one.unit] := found_one.position;
        else
            outcomes[found_one.unit] := 'reused';
        end if;
    end loop;

    -- 2. Requests that have an answer already.
    for found_one in
        select asked.unit, stored.position
        from unnest(answer_unit, answer_actor, answer_route, answer_key)
            as asked (unit, actor, route, key)
        join log.answer as stored
            on stored.role = session_user
            and stored.actor = asked.actor
            and stored.route = asked.route
            and stored.key = asked.key
    loop
        if outcomes[found_one.unit] in ('written', 'reused') then
            outcomes[found_one.unit] := 'answered';
            positions[found_one.unit] := found_one.position;
        end if;
    end loop;

    -- 3. Messages that were handled already.
    for found_one in
        select distinct mark.unit
        from unnest(mark_unit, mark_consumer, mark_event_id)
            as mark (unit, consumer, event_id)
        join log.inbox as stored using (consumer, event_id)
    loop
        if outcomes[found_one.unit] in ('written', 'reused') then
            outcomes[found_one.unit] := 'handled';
        end if;
    end loop;

    -- 4. Expected versions, on the versions that the winners before have led to.
    select array_agg(place order by ordinality), array_agg(version order by ordinality)
    into stream_of, running
    from (
        select
            ordinality,
            dense_rank() over (order by asked.stream) as place,
            coalesce(
                (
                    select stored.version
                    from log.event as stored
                    where stored.stream = asked.stream
                    order by stored.version desc
                    limit 1
                ),
                0
            ) as version
        from unnest(write_stream) with ordinality as asked (stream, ordinality)
    ) as numbered;
    -- running: version of the stream with that number, from its first write on.
    select array_agg(version order by place) into running
    from (
        select distinct place, version
        from unnest(stream_of, running) as numbered (place, version)
    ) as each_once;

    for unit in 1 .. units loop
        last_write := first_write - 1;
        while write_unit[last_write + 1] = unit loop
            last_write := last_write + 1;
        end loop;
        if outcomes[unit] in ('written', 'reused') then
            wins := outcomes[unit] = 'written';
            for write in first_write .. last_write loop
                if running[stream_of[write]] <> write_expected[write] then
                    wins := false;
                    outcomes[unit] := 'conflict';
                    conflicts[unit] := write_stream[write];
                    positions[unit] := running[stream_of[write]];
                    exit;
                end if;
            end loop;
            if wins then
                for write in first_write .. last_write loop
                    running[stream_of[write]]
                        := running[stream_of[write]] + write_events[write];
                end loop;
            end if;
        end if;
        first_write := last_write + 1;
    end loop;
    if first_write <= cardinality(write_unit) then
        raise exception 'the writes are not in order of their units'
            using errcode = 'invalid_parameter_value';
    end if;
end
$$;

create function log.append(
    units integer,
    write_unit integer[],
    write_stream text[],
    write_expected bigint[],
    write_events integer[],
    event_id uuid[],
    event_type text[],
    event_schema_version smallint[],
    event_payload bytea[],
    event_metadata bytea[],
    event_occurred_at timestamptz[],
    mark_unit integer[],
    mark_consumer text[],
    mark_event_id uuid[],
    answer_unit integer[],
    answer_actor text[],
    answer_route text[],
    answer_key text[],
    answer_body_sha256 bytea[],
    answer_status smallint[],
    answer_body bytea[],
    out outcomes text[],
    out positions bigint[],
    out conflicts text[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    is_plain boolean := true;
    is_allowed boolean := true;
    is_misplaced boolean;
    now_recorded timestamptz;
    start bigint;
    running_position bigint;
    running_chain bytea;
    place integer := 0;
    version bigint;
    stream text;
    category text;
    leaf bytea;
    new_position bigint[];
    new_stream text[];
    new_category text[];
    new_version bigint[];
    new_leaf bytea[];
    new_chain bytea[];
    notified text;
begin
    -- From here to the commit nobody else appends. Every statement below is one of its
    -- own, so that it sees what the previous holder of the lock committed. The position
    -- is moved as if every unit won; at the end it is moved back if some did not.
    update log.head as h
    set position = h.position + cardinality(event_id),
        recorded_at = greatest(h.recorded_at, clock_timestamp())
    where h.one
    returning
        h.position - cardinality(event_id),
        h.recorded_at,
        not h.demonstration and exists (
            select from log.demonstration_type as t where t.type = any (event_type)
        )
    into strict start, now_recorded, is_misplaced;
    if is_misplaced then
        raise exception 'a fact of this type is accepted only by a demonstration log'
            using errcode = 'LG001';
    end if;

    -- Messages handled before, requests answered before.
    if mark_unit is not null then
        select
            bool_and(mark.consumer = any (array(
                select w.consumer from log.inbox_writer as w where w.role = session_user
            ))),
            not bool_or(exists (
                select from log.inbox as i
                where i.consumer = mark.consumer and i.event_id = mark.event_id
            ))
        into is_allowed, is_plain
        from unnest(mark_consumer, mark_event_id) as mark (consumer, event_id);
    end if;
    if answer_unit is not null then
        is_plain := is_plain and not exists (
            select
            from unnest(answer_actor, answer_route, answer_key)
                as asked (actor, route, key)
            join log.answer as stored using (actor, route, key)
            where stored.role = session_user
        );
    end if;

    -- A unit written before has moved the versions it expects, so when all versions
    -- are as expected no event id is known (a reused one breaks the unique index).
    select
        coalesce(
            (select e.chain from log.event as e where e.position = start),
            decode(repeat('00', 32), 'hex')
        ),
        is_plain
        and count(distinct asked.stream) = count(*)
        and coalesce(bool_and(
            asked.expected = coalesce(
                (
                    select e.version from log.event as e
                    where e.stream = asked.stream
                    order by e.version desc
                    limit 1
                ),
                0
            )
        ), true),
        is_allowed and coalesce(bool_and(
            split_part(asked.stream, '-', 1) = any (array(
                select w.category from log.writer as w where w.role = session_user
            ))
        ), true)
    into running_chain, is_plain, is_allowed
    from unnest(write_stream, write_expected) as asked (stream, expected);
    if not is_allowed then
        raise exception
            'role % may not write to every category or inbox of these units',
            session_user
            using errcode = 'insufficient_privilege';
    end if;
    if is_plain then
        outcomes := array_fill('written'::text, array[units]);
        positions := array_fill(start, array[units]);
    else
        select s.outcomes, s.positions, s.conflicts
        into outcomes, positions, conflicts
        from log.settle(
            units, write_unit, write_stream, write_expected, write_events,
            event_id, event_type, event_schema_version, event_payload,
            event_occurred_at, mark_unit, mark_consumer, mark_event_id,
            answer_unit, answer_actor, answer_route, answer_key, start
        ) as s;
        -- Losers leave gaps. An array that grows by itself would begin at the first
        -- winner, and everything behind a gap would slip into a wrong row.
        new_position := array_fill(null::bigint, array[cardinality(event_id)]);
        new_stream := array_fill(null::text, array[cardinality(event_id)]);
        new_category := array_fill(null::text, array[cardinality(event_id)]);
        new_version := array_fill(null::bigint, array[cardinality(event_id)]);
        new_leaf := array_fill(null::bytea, array[cardinality(event_id)]);
        new_chain := array_fill(null::bytea, array[cardinality(event_id)]);
    end if;

    -- The leaves and the chain, in order of arrival.
    running_position := start;
    for write in 1 .. cardinality(write_unit) loop
        if outcomes[write_unit[write]] <> 'written' then
            place := place + write_events[write];
            continue;
        end if;
        stream := write_stream[write];
        category := split_part(stream, '-', 1);
        version := write_expected[write];
        for n in 1 .. write_events[write] loop
            place := place + 1;
            version := version + 1;
            running_position := running_position + 1;
            if octet_length(event_payload[place]) > 65536 then
                raise exception 'a payload is over 64 KiB' using errcode = 'LG002';
            end if;
            leaf := log.leaf(
                running_position, event_id[place], stream, category, version,
                event_type[place], event_schema_version[place],
                event_occurred_at[place], now_recorded, event_payload[place],
                event_metadata[place]
            );
            running_chain := sha256(running_chain || leaf);
            new_position[place] := running_position;
            new_stream[place] := stream;
            new_category[place] := category;
            new_version[place] := version;
            new_leaf[place] := leaf;
            new_chain[place] := running_chain;
        end loop;
        positions[write_unit[write]] := running_position;
    end loop;
    if place <> cardinality(event_id) then
        raise exception 'the writes announce % events, % came',
            place, cardinality(event_id)
            using errcode = 'invalid_parameter_value';
    end if;

    if running_position > start then
        insert into log.event
        select
            given.position, given.event_id, given.stream, given.category,
            given.version, given.type, given.schema_version, given.payload,
            given.metadata, given.occurred_at, now_recorded, given.leaf,
            given.chain
        from unnest(
            new_position, event_id, new_stream, new_category, new_version,
            event_type, event_schema_version, event_payload, event_metadata,
            event_occurred_at, new_leaf, new_chain
        ) as given (
            position, event_id, stream, category, version, type, schema_version,
            payload, metadata, occurred_at, leaf, chain
        )
        where given.position is not null;
    end if;
    if running_position < start + cardinality(event_id) then
        update log.head set position = running_position where one;
    end if;

    if mark_unit is not null then
        insert into log.inbox (consumer, event_id)
        select mark.consumer, mark.event_id
        from unnest(mark_unit, mark_consumer, mark_event_id)
            as mark (unit, consumer, event_id)
        where outcomes[mark.unit] = 'written';
    end if;
    if answer_unit is not null then
        insert into log.answer
        select
            session_user, given.actor, given.route, given.key, given.body_sha256,
            given.status, given.body, positions[given.unit], now_recorded
        from unnest(
            answer_unit, answer_actor, answer_route, answer_key, answer_body_sha256,
            answer_status, answer_body
        ) as given (unit, actor, route, key, body_sha256, status, body)
        where outcomes[given.unit] = 'written';
    end if;
    if running_position > start then
        notified := pg_notify('log', format(
            '%s %s %s', start, running_position,
            array_to_string(array(select distinct unnest(new_category)), ' ')
        ))::text;
    end if;
end
$$;

create function log.append_one(
    new_stream text,
    expected bigint,
    new_event_id uuid,
    new_type text,
    new_schema_version smallint,
    new_payload bytea,
    new_metadata bytea,
    new_occurred_at timestamptz,
    mark_consumer text,
    mark_event_id uuid,
    answer_actor text,
    answer_route text,
    answer_key text,
    answer_body_sha256 bytea,
    answer_status smallint,
    answer_body bytea,
    out outcomes text[],
    out positions bigint[],
    out conflicts text[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
-- The short way for a unit that comes alone: one event, at most one mark, at most one
-- answer. Whatever is not plain about it goes the long way, through log.append.
declare
    is_plain boolean;
    now_recorded timestamptz;
    place bigint;
    notified text;
begin
    update log.head as h
    set position = h.position + 1,
        recorded_at = greatest(h.recorded_at, clock_timestamp())
    where h.one
    returning
        h.position,
        h.recorded_at,
        octet_length(new_payload) <= 65536 and (
            h.demonstration or not exists (
                select from log.demonstration_type as t where t.type = new_type
            )
        )
    into strict place, now_recorded, is_plain;
    if mark_consumer is not null then
        is_plain := is_plain and exists (
            select from log.inbox_writer as w
            where w.role = session_user and w.consumer = mark_consumer
        ) and not exists (
            select from log.inbox as i
            where i.consumer = mark_consumer and i.event_id = mark_event_id
        );
    end if;
    if answer_key is not null then
        is_plain := is_plain and not exists (
            select from log.answer as a
            where a.role = session_user and a.actor = answer_actor
                and a.route = answer_route and a.key = answer_key
        );
    end if;
    if is_plain then
        insert into log.event
        select
            place, new_event_id, new_stream, split_part(new_stream, '-', 1),
            expected + 1, new_type, new_schema_version, new_payload, new_metadata,
            new_occurred_at, now_recorded, made.leaf, sha256(made.before || made.leaf)
        from (
            select
                coalesce(
                    (select e.chain from log.event as e where e.position = place - 1),
                    decode(repeat('00', 32), 'hex')
                ) as before,
                log.leaf(
                    place, new_event_id, new_stream, split_part(new_stream, '-', 1),
                    expected + 1, new_type, new_schema_version, new_occurred_at,
                    now_recorded, new_payload, new_metadata
                ) as leaf
            offset 0
        ) as made
        where expected = coalesce(
                (
                    select e.version from log.event as e
                    where e.stream = new_stream
                    order by e.version desc
                    limit 1
                ),
                0
            )
            and exists (
                select from log.writer as w
                where w.role = session_user
                    and w.category = split_part(new_stream, '-', 1)
            );
        is_plain := found;
    end if;

    if not is_plain then
        update log.head set position = place - 1 where one;
        select a.outcomes, a.positions, a.conflicts
        into outcomes, positions, conflicts
        from log.append(
            1, array[1], array[new_stream], array[expected], array[1],
            array[new_event_id], array[new_type], array[new_schema_version],
            array[new_payload], array[new_metadata], array[new_occurred_at],
            case when mark_consumer is not null then array[1] end,
            array[mark_consumer], array[mark_event_id],
            case when answer_key is not null then array[1] end,
            array[answer_actor], array[answer_route], array[answer_key],
            array[answer_body_sha256], array[answer_status], array[answer_body]
        ) as a;
        return;
    end if;
    if mark_consumer is not null then
        insert into log.inbox values (mark_consumer, mark_event_id);
    end if;
    if answer_key is not null then
        insert into log.answer values (
            session_user, answer_actor, answer_route, answer_key, answer_body_sha256,
            answer_status, answer_body, place, now_recorded
        );
    end if;
    outcomes := '{written}';
    positions := array[place];
    notified := pg_notify(
        'log', format('%s %s %s', place - 1, place, split_part(new_stream, '-', 1))
    )::text;
end
$$;
