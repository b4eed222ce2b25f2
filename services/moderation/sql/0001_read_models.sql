-- Read models of moderation. Disposable: `attest rebuild moderation` makes them anew.

CREATE TABLE checkpoint (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;

CREATE TABLE moderated_case (
    key                         text PRIMARY KEY,
    case_id                     text        NOT NULL,
    attempt                     integer     NOT NULL,
    cohort_id                   text        NOT NULL,
    programme                   text        NOT NULL,
    stage                       text        NOT NULL,
    available_since             timestamptz NOT NULL,
    holder_id                   text,
    lease_ends_at               timestamptz,
    participant_organisation_id text        NOT NULL,
    excluded                    jsonb       NOT NULL
);
CREATE INDEX moderated_case_queue ON moderated_case (available_since, key)
    WHERE stage IN ('first', 'second', 'lead');
