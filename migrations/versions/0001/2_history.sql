-- What is only added to: what happened, as what revision, what each command was answered, and what was erased.

CREATE TABLE revision (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    epoch integer NOT NULL,
    revision integer NOT NULL,
    digest text NOT NULL,
    command_id uuid,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    snapshot jsonb,
    PRIMARY KEY (municipality, course_id, epoch, revision),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);

-- Each row remembers its transaction, so that the feed never passes a late commit over.
CREATE TABLE journal (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    epoch integer NOT NULL,
    revision integer NOT NULL,
    seq integer NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    tx bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    kind text NOT NULL,
    v integer NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    visit integer,
    detail jsonb,
    PRIMARY KEY (municipality, course_id, epoch, revision, seq),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX journal_as_feed ON journal (municipality, tx, position);
CREATE INDEX journal_by_escalation
    ON journal (municipality, (detail ->> 'escalation')) WHERE kind = 'escalation_taken';

-- Up to where somebody of an audience said that what it reads of a journal was copied into another.
CREATE TABLE journal_copy (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    audience text NOT NULL,
    position bigint NOT NULL,
    copied_by text NOT NULL,
    copied_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, course_id, audience),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);

CREATE TABLE command (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    command_id uuid NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,
    revision integer NOT NULL,
    answer jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, course_id, command_id)
);
CREATE INDEX command_that_started ON command (municipality, command_id) WHERE kind = 'start_course';

CREATE TABLE removal (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    removal_id uuid NOT NULL,
    course_id uuid NOT NULL,
    entry text NOT NULL,
    name text NOT NULL,
    said_by text NOT NULL,
    said_at timestamptz NOT NULL,
    removed_by text NOT NULL,
    removed_at timestamptz NOT NULL,
    reason uuid NOT NULL,
    shown_to text[] NOT NULL,
    content jsonb,
    agreed_by text,
    agreed_at timestamptz,
    PRIMARY KEY (municipality, removal_id),
    FOREIGN KEY (municipality, course_id) REFERENCES course,
    -- A second person agrees, and then nothing of it is left.
    CHECK (agreed_at IS NULL AND agreed_by IS NULL
        OR agreed_at IS NOT NULL AND agreed_by IS NOT NULL AND agreed_by <> removed_by AND content IS NULL)
);
CREATE INDEX removal_by_time ON removal (municipality, removed_at, removal_id);

-- Figures of at least five people, of whole months; the unit is empty where several had to be counted as one.
-- They are of nobody: what a number counts is not there any more, and no number is ever changed.
CREATE TABLE counted_figure (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    figure text NOT NULL,
    rules_id text NOT NULL,
    step text NOT NULL,
    unit text NOT NULL,
    first_month date NOT NULL,
    last_month date NOT NULL CHECK (last_month >= first_month),
    rules_sha256 text NOT NULL,
    amounts integer[] NOT NULL CHECK (cardinality(amounts) >= 5),
    PRIMARY KEY (municipality, figure, rules_id, step, unit, first_month)
);

CREATE TABLE counted_month (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    month date NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, month)
);
