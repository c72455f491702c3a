-- Who is notified of what, and each attempt to deliver it.

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

CREATE TABLE delivery (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    notice_id uuid NOT NULL,
    channel text NOT NULL,
    attempt_id text NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    PRIMARY KEY (municipality, notice_id, channel, attempt_id),
    FOREIGN KEY (municipality, notice_id) REFERENCES notice
);
