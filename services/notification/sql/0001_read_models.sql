-- Read models of notification. Disposable: `attest rebuild notification` makes them anew.

CREATE TABLE checkpoint (
    "only"   boolean PRIMARY KEY DEFAULT true CHECK ("only"),
    position bigint  NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;

CREATE TABLE notice (
    key          text PRIMARY KEY,
    notice_id    text        NOT NULL,
    case_id      text        NOT NULL,
    template     text        NOT NULL,
    state        text        NOT NULL,
    reason       text,
    tries        integer     NOT NULL,
    requested_at timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    next_try_at  timestamptz
);
CREATE INDEX notice_due ON notice (next_try_at, notice_id) WHERE next_try_at IS NOT NULL;
CREATE INDEX notice_list ON notice (requested_at, notice_id);
