-- Who is notified of what, which channels have still to carry it, and each attempt to.

CREATE TABLE notice (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    notice_id uuid NOT NULL,
    course_id uuid NOT NULL,
    about text NOT NULL,
    recipient_kind text NOT NULL,
    recipient text NOT NULL,
    subject jsonb NOT NULL,
    visit integer,
    level integer,
    waiting text,
    revision integer NOT NULL,
    queued_at timestamptz NOT NULL,
    sent_at timestamptz,
    delivered_at timestamptz,
    seen_at timestamptz,
    seen_by text,
    done_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    PRIMARY KEY (municipality, notice_id),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX notice_by_course ON notice (municipality, course_id, revision);
CREATE INDEX notice_by_recipient ON notice (municipality, recipient_kind, recipient, queued_at) WHERE done_at IS NULL;

-- What a channel brings a person at once; it stands from the first attempt on until it is taken or surely refused.
CREATE TABLE batch (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    batch_id uuid NOT NULL,
    content jsonb NOT NULL,
    PRIMARY KEY (municipality, batch_id)
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
