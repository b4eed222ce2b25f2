-- Which role took a review from somebody. Nobody could before, so nothing is folded anew.

ALTER TABLE review ADD COLUMN taken jsonb NOT NULL DEFAULT '{}';
