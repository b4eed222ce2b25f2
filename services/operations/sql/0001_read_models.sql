-- Read models of the desk. Disposable: `attest rebuild operations` makes them anew.

CREATE TABLE checkpoint (
    "only"   boolean PRIMARY KEY DEFAULT true CHECK ("only"),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;

CREATE TABLE timeline (
    key            text PRIMARY KEY,
    position       bigint      NOT NULL,
    case_id        text        NOT NULL,
    stream         text        NOT NULL,
    version        bigint      NOT NULL,
    type           text        NOT NULL,
    actor          text        NOT NULL,
    role           text        NOT NULL,
    occurred_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    correlation_id uuid        NOT NULL,
    causation_id   uuid        NOT NULL
);
CREATE INDEX timeline_by_case ON timeline (case_id, position);
