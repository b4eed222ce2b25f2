-- Where the relays stand, what consumers have settled, and what is parked.
-- Applied with search_path = messaging. Everything but parked_lane, parked_message and
-- lane_decision can be deleted and is built again from the log.

-- One relay per service. Every write to its rows checks the term, so a process that
-- was stopped and wakes up again can change nothing.
CREATE TABLE relay (
    service text PRIMARY KEY,
    -- tells this log from every other one that ever used the same broker
    log_id uuid NOT NULL DEFAULT gen_random_uuid(),
    term bigint NOT NULL DEFAULT 0,
    holder uuid,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    epoch integer NOT NULL DEFAULT 0,
    generation integer NOT NULL DEFAULT 0,
    position bigint NOT NULL DEFAULT 0,
    -- a consumer met a gap in this generation
    wanted boolean NOT NULL DEFAULT false
);

-- The last record that the broker confirmed in each partition of this generation.
CREATE TABLE confirmed (
    service text NOT NULL REFERENCES relay,
    partition smallint NOT NULL,
    record_offset bigint NOT NULL,
    ce_id uuid NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (service, partition)
);

-- Every public message that the broker has confirmed at least once.
CREATE TABLE published (
    service text NOT NULL REFERENCES relay,
    position bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    key text NOT NULL,
    partition smallint NOT NULL,
    PRIMARY KEY (service, position)
);
CREATE UNIQUE INDEX published_event_id ON published (event_id);
CREATE INDEX published_partition ON published (service, partition, position);
CREATE INDEX published_key ON published (service, key, position);

-- Which types a consumer handles.
CREATE TABLE subscription (
    consumer text NOT NULL,
    source text NOT NULL,
    type text NOT NULL,
    PRIMARY KEY (consumer, type)
);

-- Up to where a consumer has settled each partition of a source: every public message
-- of that partition up to "position" is handled, skipped or parked. Reading goes on at
-- "next_offset" when the era is still the relay's.
CREATE TABLE progress (
    consumer text NOT NULL,
    source text NOT NULL,
    partition smallint NOT NULL,
    epoch integer NOT NULL DEFAULT 0,
    generation integer NOT NULL DEFAULT 0,
    next_offset bigint NOT NULL DEFAULT 0,
    position bigint NOT NULL DEFAULT 0,
    -- raised when a type is added and reading starts over; older places do not count
    reset integer NOT NULL DEFAULT 0,
    PRIMARY KEY (consumer, source, partition)
);

-- The position of a source below which a consumer has settled everything. A partition
-- whose last published message is settled holds nothing back.
CREATE VIEW consumer_position AS
SELECT p.consumer, p.source,
       min(CASE WHEN last.position > p.position THEN p.position
                ELSE coalesce(r.position, 0) END)::bigint AS position
FROM progress p
LEFT JOIN relay r ON r.service = p.source
LEFT JOIN LATERAL (
    SELECT max(published.position) AS position
    FROM published
    WHERE published.service = p.source
      AND published.partition = p.partition
      AND published.position <= r.position
) last ON true
GROUP BY p.consumer, p.source;

-- A lane is one key of one consumer, over all topics. It has a row only while it is
-- parked; whoever appends to it, releases it or handles it again locks that row.
CREATE TABLE parked_lane (
    consumer text NOT NULL,
    key text NOT NULL,
    -- a hash of consumer and key, to name the lane in addresses
    lane_id uuid NOT NULL UNIQUE,
    status text NOT NULL CHECK (status IN ('parked', 'released')),
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by uuid,
    PRIMARY KEY (consumer, key)
);

-- What waits in a lane, in order of number, exactly as it was on Kafka; kept after it
-- is settled, so that a message delivered again is known.
CREATE TABLE parked_message (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    key text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    status text NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'handled', 'discarded')),
    problem text NOT NULL,
    error text,
    tries integer NOT NULL,
    type text,
    topic text NOT NULL,
    partition smallint NOT NULL,
    record_offset bigint NOT NULL,
    record_key bytea,
    record_value bytea,
    record_headers bytea NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    tried_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at timestamptz,
    decided_by uuid,
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX parked_message_waiting ON parked_message (consumer, key, number)
    WHERE status = 'waiting';

-- Releases and discards that were carried out, by the id of the fact that decided them.
CREATE TABLE lane_decision (
    decided_by uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('release', 'discard')),
    consumer text NOT NULL,
    key text NOT NULL,
    event_id uuid,
    carried_out_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The effects of messages, read off the log: the facts that name a message as their
-- cause. "runs" counts separate places in the log: more than one is a second effect.
CREATE TABLE effect (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL,
    runs integer NOT NULL DEFAULT 1,
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX effect_position ON effect (consumer, first_position);
CREATE INDEX effect_repeated ON effect (consumer) WHERE runs > 1;

-- Up to which position of the log the effects of a consumer were read.
CREATE TABLE effect_scan (
    consumer text PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0
);
