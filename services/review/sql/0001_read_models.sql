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
    second_attempt_by           text        NOT NULL,
    excluded                    jsonb       NOT NULL,
    state                       text        NOT NULL,
    holder_id                   text,
    token                       integer,
    lease_ends_at               timestamptz,
    judges                      jsonb       NOT NULL,
    returned_to                 text,
    is_overdue                  boolean     NOT NULL
);
CREATE INDEX review_queue ON review (submitted_at, review_id)
    WHERE state IN ('waiting', 'claimed');
CREATE INDEX review_lease ON review (lease_ends_at) WHERE state = 'claimed';
CREATE INDEX review_due ON review (due_at)
    WHERE state IN ('waiting', 'claimed') AND NOT is_overdue;
CREATE INDEX review_case ON review (case_id);

CREATE TABLE reviewer (
    key             text PRIMARY KEY,
    reviewer_id     text  NOT NULL UNIQUE,
    organisation_id text,
    conflicts       jsonb NOT NULL,
    mentees         jsonb NOT NULL
);

-- Whether a row of the queue is left out for a reviewer: the same bonds as in
-- domain/independence.py, but for judging another review of the case.
CREATE FUNCTION independent(about review, judge reviewer) RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(
    about.participant_id <> judge.reviewer_id
    AND about.mentor_id IS DISTINCT FROM judge.reviewer_id
    AND about.participant_organisation_id <> judge.organisation_id
    AND NOT judge.mentees ? about.participant_id
    AND NOT about.excluded ? judge.reviewer_id
    AND NOT judge.conflicts ?| ARRAY[
        'case:' || about.case_id,
        'person:' || about.participant_id,
        'person:' || coalesce(about.mentor_id, ''),
        'organisation:' || about.participant_organisation_id
    ],
    false
);
