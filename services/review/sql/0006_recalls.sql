-- Who took back a judgement, and when, until it is judged again.

ALTER TABLE review
    ADD COLUMN recalled_by text,
    ADD COLUMN recalled_at timestamptz;

CREATE INDEX review_recalled ON review (recalled_at, review_id)
    WHERE recalled_at IS NOT NULL;
