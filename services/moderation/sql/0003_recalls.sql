-- Which judgement of a drawn case stands, and whether it is taken back.

ALTER TABLE moderated_case
    ADD COLUMN token          integer NOT NULL DEFAULT 0,
    ADD COLUMN recalled_token integer,
    ADD COLUMN is_recalled    boolean NOT NULL DEFAULT false;
