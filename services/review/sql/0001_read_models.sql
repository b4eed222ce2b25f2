-- Read models of review. Disposable: `attest rebuild review` makes them anew.

CREATE TABLE checkpoint (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;

CREATE TABLE review (
    key                         text PRIMARY KEY,
    review_id                   text        NOT NULL,
    case_id                     text        NOT NULL,
    cohort_id                   text        NOT NULL,
    attempt                     integer     NOT NULL,
    participant_id              text        NOT NULL,
    participant_organisation_id text        NOT NULL,
    mentor_id                   text,
    programme                   text        NOT NULL,
    template                    text        NOT NULL,
    role_context                text,
    submitted_at                timestamptz NOT NULL,
    review_opens_at             timestamptz NOT NULL,
    due_at                      timestamptz NOT NULL,
    state                       text        NOT NULL,
    holder_id                   text,
    token                       integer,
    lease_ends_at               timestamptz
);
CREATE INDEX review_queue ON review (submitted_at, review_id) WHERE state <> 'completed';
CREATE INDEX review_lease ON review (lease_ends_at) WHERE state = 'claimed';

CREATE TABLE reviewer (
    key             text PRIMARY KEY,
    reviewer_id     text  NOT NULL UNIQUE,
    organisation_id text  NOT NULL,
    conflicts       jsonb NOT NULL
);
