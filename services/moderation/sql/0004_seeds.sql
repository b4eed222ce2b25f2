-- Seeds among the work of reviewers, and from when on their judgements are final.

CREATE TABLE placed_seed (
    key         text PRIMARY KEY,
    case_id     text NOT NULL,
    final_at    timestamptz,
    is_compared boolean NOT NULL
);
CREATE INDEX placed_seed_final ON placed_seed (final_at)
    WHERE final_at IS NOT NULL AND NOT is_compared;
