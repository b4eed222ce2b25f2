-- Read models of submission. Disposable: `attest rebuild submission` makes them anew.

CREATE TABLE checkpoint (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;

CREATE TABLE cases (
    key               text PRIMARY KEY,
    case_id           text        NOT NULL,
    cohort_id         text        NOT NULL,
    person_id         text        NOT NULL,
    organisation_id   text,
    mentor_id         text,
    programme         text        NOT NULL,
    programme_version text        NOT NULL,
    policy_version    text        NOT NULL,
    state             text        NOT NULL,
    template          text,
    sections          jsonb       NOT NULL,
    files             jsonb       NOT NULL,
    own_deadline      date,
    enrolled_at       timestamptz,
    submitted_at      timestamptz,
    review_opens_at   timestamptz,
    attempt           integer     NOT NULL,
    entry             text,
    restart_of        text,
    eligibility       text,
    window_closes_on  date,
    may_run_longer    boolean     NOT NULL,
    reminded_of       date,
    reminded_at_days  integer,
    outcomes          jsonb       NOT NULL,
    award_id          text,
    waiting           jsonb       NOT NULL
);
CREATE INDEX cases_of_cohort ON cases (cohort_id, state, case_id);

CREATE TABLE cohorts (
    key               text PRIMARY KEY,
    cohort_id         text        NOT NULL,
    programme         text        NOT NULL,
    programme_version text        NOT NULL,
    policy_version    text        NOT NULL,
    starts_on         date        NOT NULL,
    deadline          date        NOT NULL,
    opened_at         timestamptz NOT NULL
);

CREATE TABLE people (
    key             text PRIMARY KEY,
    person_id       text        NOT NULL,
    organisation_id text,
    roles           jsonb       NOT NULL,
    registered_at   timestamptz NOT NULL
);
