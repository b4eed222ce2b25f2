-- Reviews whose holder could not decide. Nobody could refer before, so nothing is folded
-- anew.

ALTER TABLE review
    ADD COLUMN referred_by text,
    ADD COLUMN referred_at timestamptz;
CREATE INDEX review_referred ON review (referred_at, review_id)
    WHERE referred_by IS NOT NULL;
