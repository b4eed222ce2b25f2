-- What the lead decided about a conflict that was told after the release. Nobody could
-- before, so nothing is folded anew.

ALTER TABLE review ADD COLUMN conflict_decision text;
