-- Who is notified of what, which channels have still to carry it, and each attempt to; and which systems are told.

-- One about an absence is of no course.
-- The last six columns are what an open one's wait says, and who is told of the same; see fodslag_list_notices.
CREATE TABLE notice (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    notice_id uuid NOT NULL,
    course_id uuid,
    about text NOT NULL,
    recipient_kind text NOT NULL,
    recipient text NOT NULL,
    subject jsonb NOT NULL,
    visit integer,
    level integer,
    waiting text,
    revision integer NOT NULL DEFAULT 0,
    queued_at timestamptz NOT NULL,
    sent_at timestamptz,
    delivered_at timestamptz,
    seen_at timestamptz,
    seen_by text,
    done_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    item text,
    until timestamptz,
    look_again_at timestamptz,
    superseded boolean NOT NULL DEFAULT false,
    told_supervisors boolean NOT NULL DEFAULT false,
    told_others boolean NOT NULL DEFAULT false,
    PRIMARY KEY (municipality, notice_id),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX notice_by_course ON notice (municipality, course_id, revision);
CREATE INDEX notice_by_until
    ON notice (municipality, recipient_kind, recipient, told_supervisors, until, notice_id DESC)
    WHERE done_at IS NULL AND NOT superseded AND until IS NOT NULL;
CREATE INDEX notice_by_queued_at
    ON notice (municipality, recipient_kind, recipient, told_supervisors, queued_at DESC, notice_id DESC)
    WHERE done_at IS NULL AND NOT superseded;
CREATE INDEX notice_taken
    ON notice (municipality, recipient, look_again_at)
    WHERE done_at IS NULL AND NOT superseded AND look_again_at IS NOT NULL;
CREATE INDEX notice_of_absence ON notice (municipality) WHERE course_id IS NULL AND done_at IS NULL;

-- What a channel brings a person at once; it stands from the first attempt on until it is taken or surely refused.
CREATE TABLE batch (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    batch_id uuid NOT NULL,
    content jsonb NOT NULL,
    PRIMARY KEY (municipality, batch_id)
);

-- The good story that a person's last list ended with, so that the next one ends with another.
CREATE TABLE story_told (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    person_id text NOT NULL,
    story uuid NOT NULL,
    told_on date NOT NULL,
    PRIMARY KEY (municipality, person_id)
);

-- An errand is there for as long as there is something to carry; a claim is a later time at which it is due.
-- The person is an empty text while it is not known yet who the supervisors are.
CREATE TABLE errand (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    notice_id uuid NOT NULL,
    channel text NOT NULL,
    person text NOT NULL,
    due_at timestamptz NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    batch_id uuid,
    PRIMARY KEY (municipality, notice_id, channel, person),
    FOREIGN KEY (municipality, notice_id) REFERENCES notice,
    FOREIGN KEY (municipality, batch_id) REFERENCES batch
);
CREATE INDEX errand_by_channel ON errand (channel, municipality, due_at);
CREATE INDEX errand_by_batch ON errand (municipality, batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE delivery (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    notice_id uuid NOT NULL,
    channel text NOT NULL,
    person text NOT NULL,
    attempt_id text NOT NULL,
    batch_id uuid NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    PRIMARY KEY (municipality, notice_id, channel, person, attempt_id),
    FOREIGN KEY (municipality, notice_id) REFERENCES notice
);

-- What somebody ordered of many courses at once; each item is a command to one course.
CREATE TABLE bulk_act (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    bulk_id uuid NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,
    ordered_by text NOT NULL,
    ordered_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, bulk_id)
);

-- Like with errands a claim is a later time at which it is due. One that cannot be ordered has no command.
-- The text that a waiting command names is not swept.
CREATE TABLE bulk_item (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    bulk_id uuid NOT NULL,
    ordinal integer NOT NULL,
    course_id uuid NOT NULL,
    command jsonb,
    text_id uuid,
    state text NOT NULL,
    due_at timestamptz NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    ended_at timestamptz,
    revision integer,
    problems jsonb,
    PRIMARY KEY (municipality, bulk_id, ordinal),
    FOREIGN KEY (municipality, bulk_id) REFERENCES bulk_act,
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX bulk_item_by_course ON bulk_item (municipality, course_id);
CREATE INDEX bulk_item_by_due ON bulk_item (municipality, due_at) WHERE state = 'waiting';
CREATE INDEX bulk_item_by_text ON bulk_item (municipality, text_id) WHERE state = 'waiting';

-- A subscription to the feed, read as its owner's token could; NULL kinds and units are all, a NULL place the beginning.
-- Like with errands a claim is a later time at which it is due.
CREATE TABLE webhook (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    webhook_id uuid NOT NULL,
    url text NOT NULL,
    kinds text[],
    description text,
    owner text NOT NULL,
    roles text[] NOT NULL,
    units text[],
    created_at timestamptz NOT NULL,
    state text NOT NULL,
    state_since timestamptz NOT NULL,
    tx bigint,
    position bigint,
    part integer,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, webhook_id)
);

-- Sealed by the master key; without an end it signs until it is followed by another.
CREATE TABLE webhook_secret (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    webhook_id uuid NOT NULL,
    secret_id uuid NOT NULL,
    master_key_id text NOT NULL,
    wrapped bytea NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (municipality, webhook_id, secret_id),
    FOREIGN KEY (municipality, webhook_id) REFERENCES webhook ON DELETE CASCADE
);

-- Of each course the first open one holds those behind it; only a ping has no course.
CREATE TABLE webhook_event (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    webhook_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    course_id uuid,
    revision integer,
    visit integer,
    position bigint,
    part integer,
    out_of_order boolean NOT NULL DEFAULT false,
    state text NOT NULL,
    queued_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    attempted_at timestamptz,
    outcome text,
    status integer,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    PRIMARY KEY (municipality, webhook_id, delivery_id),
    FOREIGN KEY (municipality, webhook_id) REFERENCES webhook ON DELETE CASCADE
);
CREATE INDEX webhook_event_in_order ON webhook_event (municipality, webhook_id, course_id, position, part)
    WHERE state IN ('pending', 'failing');
CREATE INDEX webhook_event_by_age ON webhook_event (municipality, webhook_id, queued_at, delivery_id);
