-- What moderators and leads type before it is a judgement or a decision. Durable: it is in
-- no log, so it is backed up, and building the read models anew leaves it alone.

CREATE TABLE draft (
    author   text        NOT NULL,
    form     text        NOT NULL,
    version  integer     NOT NULL,
    sealed   jsonb       NOT NULL, -- envelope under the key of the participant
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (author, form, version)
);
