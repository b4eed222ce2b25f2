-- What people type before they save it. Durable: it is in no log, so it is backed up.

CREATE TABLE draft (
    author   text        NOT NULL,
    form     text        NOT NULL,
    version  integer     NOT NULL,
    sealed   jsonb       NOT NULL, -- envelope under the author's own key
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (author, form, version)
);
