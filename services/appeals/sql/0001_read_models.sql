-- Read models of appeals. Disposable: `attest rebuild appeals` makes them anew.

CREATE TABLE checkpoint (
    "only"   boolean PRIMARY KEY DEFAULT true CHECK ("only"),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;

CREATE TABLE appeal (
    key             text PRIMARY KEY,
    appeal_id       text        NOT NULL,
    case_id         text        NOT NULL,
    number          integer     NOT NULL,
    participant_id  text        NOT NULL,
    against         text        NOT NULL,
    subject         text,
    decision_number integer,
    result          text,
    state           text        NOT NULL,
    opened_at       timestamptz NOT NULL,
    due_on          date,
    is_stopped      boolean     NOT NULL,
    overdue_on      date,
    grounds         jsonb       NOT NULL,
    members         jsonb       NOT NULL,
    remedy          text
);
CREATE INDEX appeal_of_participant ON appeal (participant_id, opened_at, appeal_id);
CREATE INDEX appeal_due ON appeal (due_on, appeal_id);
CREATE INDEX appeal_hearing ON appeal USING gin (members);

CREATE TABLE conversation (
    key            text PRIMARY KEY,
    case_id        text        NOT NULL,
    attempt        integer     NOT NULL,
    participant_id text        NOT NULL,
    minutes        integer     NOT NULL,
    state          text        NOT NULL,
    times          jsonb       NOT NULL,
    starts_at      timestamptz,
    offered_at     timestamptz NOT NULL
);
CREATE INDEX conversation_offered ON conversation (offered_at, key);
