-- Appending. One call is one transaction is one group of units of work; nobody's round
-- trip happens while the head row is locked.

-- What a leaf is the hash of, byte by byte: docs/event-log.md.

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
    --    error, unless 2 or 3 recognise the unit: a cause that was decided once more.
    for found_one in
        with write as (
            select unit, stream, events, ordinality
            from unnest(write_unit, write_stream, write_events)
                with ordinality as w (unit, stream, events, ordinality)
        ),
        event as (
            select unit, stream, row_number() over (order by ordinality, n) as place
            from write, generate_series(1, events) as n
        )
        select
            event.unit,
            count(stored.position) = count(*) as is_complete,
            bool_and(
                stored.stream = event.stream
                and stored.type = given.type
                and stored.schema_version = given.schema_version
                and stored.payload = given.payload
                and stored.occurred_at = given.occurred_at
            ) as is_same,
            max(stored.position) as position
        from event
        join unnest(
            event_id, event_type, event_schema_version, event_payload, event_occurred_at
        ) with ordinality as given (
            event_id, type, schema_version, payload, occurred_at, place
        ) using (place)
        left join log.event as stored on stored.event_id = given.event_id
        group by event.unit
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
        if outcomes[unit] = 'written' then
            wins := true;
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
    is_single boolean := cardinality(event_id) = 1 and cardinality(write_unit) = 1;
    is_plain boolean;
    is_allowed boolean;
    is_misplaced boolean;
    now_recorded timestamptz;
    start bigint;
    running_position bigint;
    running_chain bytea;
    place integer := 0;
    version bigint;
    stream text;
    category text;
    stream_bytes bytea;
    category_bytes bytea;
    recorded_at_bytes bytea;
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
    -- is moved as if every unit won; the careful path moves it back.
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

    -- A unit written before has moved the versions it expects, so when every version is
    -- as expected no event id can be known (a reused one breaks the unique index).
    if is_single then
        select
            (select e.chain from log.event as e where e.position = start),
            coalesce(
                (
                    select e.version from log.event as e
                    where e.stream = write_stream[1]
                    order by e.version desc
                    limit 1
                ),
                0
            ) = write_expected[1],
            exists (
                select from log.writer as w
                where w.role = session_user
                    and w.category = split_part(write_stream[1], '-', 1)
            )
        into running_chain, is_plain, is_allowed;
    else
        select
            (select e.chain from log.event as e where e.position = start),
            count(distinct asked.stream) = count(*) and coalesce(bool_and(
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
            coalesce(bool_and(
                split_part(asked.stream, '-', 1) = any (array(
                    select w.category from log.writer as w where w.role = session_user
                ))
            ), true)
        into running_chain, is_plain, is_allowed
        from unnest(write_stream, write_expected) as asked (stream, expected);
    end if;
    if mark_unit is not null then
        select
            is_allowed and bool_and(mark.consumer = any (array(
                select w.consumer from log.inbox_writer as w where w.role = session_user
            ))),
            is_plain and not bool_or(exists (
                select from log.inbox as i
                where i.consumer = mark.consumer and i.event_id = mark.event_id
            ))
        into is_allowed, is_plain
        from unnest(mark_consumer, mark_event_id) as mark (consumer, event_id);
    end if;
    if not is_allowed then
        raise exception 'role % may not write to every category or inbox of these units',
            session_user
            using errcode = 'insufficient_privilege';
    end if;
    if answer_unit is not null and is_plain then
        is_plain := not exists (
            select
            from unnest(answer_actor, answer_route, answer_key)
                as asked (actor, route, key)
            join log.answer as stored using (actor, route, key)
            where stored.role = session_user
        );
    end if;
    running_position := start;
    running_chain := coalesce(running_chain, decode(repeat('00', 32), 'hex'));
    if is_plain then
        outcomes := array_fill('written'::text, array[units]);
        positions := array_fill(start, array[units]);
    else
        select s.outcomes, s.positions, s.conflicts
        into outcomes, positions, conflicts
        from log.settle(
            units, write_unit, write_stream, write_expected, write_events,
            event_id, event_type, event_schema_version, event_payload,
            event_occurred_at, mark_unit, mark_consumer, mark_event_id, answer_unit,
            answer_actor, answer_route, answer_key, start
        ) as s;
    end if;

    -- The leaves and the chain, in order of arrival.
    recorded_at_bytes := timestamptz_send(now_recorded);
    for write in 1 .. cardinality(write_unit) loop
        if outcomes[write_unit[write]] <> 'written' then
            place := place + write_events[write];
            continue;
        end if;
        stream := write_stream[write];
        category := split_part(stream, '-', 1);
        version := write_expected[write];
        stream_bytes := convert_to(stream, 'UTF8');
        category_bytes := convert_to(category, 'UTF8');
        for n in 1 .. write_events[write] loop
            place := place + 1;
            version := version + 1;
            running_position := running_position + 1;
            if octet_length(event_payload[place]) > 65536 then
                raise exception 'a payload is over 64 KiB'
                    using errcode = 'LG002';
            end if;
            -- array_send writes a header of 20 bytes, then every element after its length.
            leaf := sha256('\x00'::bytea || substr(array_send(array[
                int8send(running_position),
                uuid_send(event_id[place]),
                stream_bytes,
                category_bytes,
                int8send(version),
                convert_to(event_type[place], 'UTF8'),
                int2send(event_schema_version[place]),
                timestamptz_send(event_occurred_at[place]),
                recorded_at_bytes,
                event_payload[place],
                event_metadata[place]
            ]), 21));
            running_chain := sha256(running_chain || leaf);
            if is_single then
                insert into log.event values (
                    running_position, event_id[1], stream, category, version,
                    event_type[1], event_schema_version[1], event_payload[1],
                    event_metadata[1], event_occurred_at[1], now_recorded, leaf,
                    running_chain
                );
            else
                new_position[place] := running_position;
                new_stream[place] := stream;
                new_category[place] := category;
                new_version[place] := version;
                new_leaf[place] := leaf;
                new_chain[place] := running_chain;
            end if;
        end loop;
        positions[write_unit[write]] := running_position;
    end loop;
    if place <> cardinality(event_id) then
        raise exception 'the writes announce % events, % came', place, cardinality(event_id)
            using errcode = 'invalid_parameter_value';
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
    if new_position is not null then
        insert into log.event
        select
            given.position, given.event_id, given.stream, given.category,
            given.version, given.type, given.schema_version, given.payload,
            given.metadata, given.occurred_at, now_recorded, given.leaf, given.chain
        from unnest(
            new_position, event_id, new_stream, new_category, new_version, event_type,
            event_schema_version, event_payload, event_metadata, event_occurred_at,
            new_leaf, new_chain
        ) as given (
            position, event_id, stream, category, version, type, schema_version,
            payload, metadata, occurred_at, leaf, chain
        )
        where given.position is not null;
    end if;
    if running_position < start + cardinality(event_id) then
        update log.head set position = running_position where one;
    end if;
    if running_position > start then
        notified := pg_notify('log', running_position::text)::text;
    end if;
end
$$;
