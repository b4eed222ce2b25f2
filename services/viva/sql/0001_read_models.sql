-- Read models of viva. Disposable: `attest rebuild viva` makes them anew.

CREATE TABLE checkpoint (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;

CREATE TABLE viva (
    key            text PRIMARY KEY,
    case_id        text    NOT NULL UNIQUE,
    state          text    NOT NULL,
    participant_id text,
    cohort_id      text,
    programme      text,
    number         integer,
    not_passed     integer NOT NULL,
    lead_id        text,
    head_id        text,
    round_id       text,
    slot_id        text,
    starts_at      timestamptz,
    minutes        integer,
    mode           text,
    sequence       integer,
    extra_minutes  integer,
    arrangements   jsonb   NOT NULL,
    past_rounds    jsonb   NOT NULL,
    reminded       jsonb   NOT NULL,
    holds          jsonb   NOT NULL,
    hold_ends      jsonb   NOT NULL,
    is_on_hold     boolean NOT NULL,
    award_id       text UNIQUE,
    status         text,
    grade          text,
    post_nominals  jsonb   NOT NULL,
    conferred_at   timestamptz
);
CREATE INDEX viva_offered ON viva (programme) WHERE state = 'offered';
CREATE INDEX viva_by_participant ON viva (participant_id);
CREATE INDEX viva_by_lead ON viva (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX viva_by_head ON viva (head_id) WHERE head_id IS NOT NULL;

CREATE TABLE round (
    key             text PRIMARY KEY,
    round_id        text        NOT NULL UNIQUE,
    programme       text        NOT NULL,
    cohorts         jsonb       NOT NULL,
    minutes         integer     NOT NULL,
    first_starts_at timestamptz NOT NULL,
    last_starts_at  timestamptz NOT NULL,
    free            integer     NOT NULL,
    slots           jsonb       NOT NULL,
    extra_because   text
);
CREATE INDEX round_by_date ON round (first_starts_at, round_id);
