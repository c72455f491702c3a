-- How each course stands now. The municipality leads every key, and defaults to that of the transaction.

CREATE TABLE course (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    unit text NOT NULL,
    reference text NOT NULL,
    ordinal integer NOT NULL,
    follows uuid,
    citizen text NOT NULL,
    citizen_text uuid,
    citizen_key text,
    protected boolean NOT NULL DEFAULT false,
    status text NOT NULL,
    steps text[] NOT NULL,
    outcome text,
    started_on date NOT NULL,
    updated_at timestamptz NOT NULL,
    revision integer NOT NULL,
    epoch integer NOT NULL,
    digest text NOT NULL,
    rules_id text NOT NULL,
    rules_version text NOT NULL,
    rules_sha256 text NOT NULL,
    is_stalled boolean NOT NULL,
    is_ahead_of_informing boolean NOT NULL,
    due_at timestamptz,
    waiting_since timestamptz,
    wakeup timestamptz,
    story uuid,
    story_approved boolean NOT NULL,
    PRIMARY KEY (municipality, course_id),
    UNIQUE (municipality, reference, ordinal)
);
CREATE INDEX course_by_started_on ON course (municipality, started_on, course_id);
CREATE INDEX course_by_updated_at ON course (municipality, updated_at, course_id);
CREATE INDEX course_by_due_at
    ON course (municipality, coalesce(due_at, 'infinity'::timestamptz), course_id);
CREATE INDEX course_by_waiting_since
    ON course (municipality, coalesce(waiting_since, 'infinity'::timestamptz), course_id);
CREATE INDEX course_by_citizen ON course (municipality, citizen);
CREATE INDEX course_by_unit ON course (municipality, unit);
CREATE INDEX course_open_in_unit ON course (municipality, unit) WHERE status <> 'completed';
-- The numbers above a board are counted from this index and that of foremost waits, which is all that they need.
CREATE INDEX course_on_the_board
    ON course (municipality, course_id) INCLUDE (unit, steps, rules_id, rules_sha256, status, due_at)
    WHERE status <> 'completed';
CREATE UNIQUE INDEX course_by_story ON course (municipality, story) WHERE story IS NOT NULL;

CREATE TABLE visit (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    number integer NOT NULL,
    step text NOT NULL,
    ordinal integer NOT NULL,
    entered_on date NOT NULL,
    entered_at timestamptz NOT NULL,
    left_at timestamptz,
    ready boolean NOT NULL,
    version integer NOT NULL,
    issued_at timestamptz,
    went_ahead boolean NOT NULL,
    withdrawn boolean NOT NULL,
    breaches text[] NOT NULL,
    PRIMARY KEY (municipality, course_id, number),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
-- How often both were informed before a step is counted from these two alone.
CREATE INDEX visit_by_entered_at
    ON visit (municipality, entered_at) INCLUDE (course_id, number, step, went_ahead, withdrawn);
CREATE INDEX visit_first ON visit (municipality, course_id) INCLUDE (entered_at) WHERE number = 1;

CREATE TABLE receipt (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    visit integer NOT NULL,
    version integer NOT NULL,
    role text NOT NULL,
    person text NOT NULL,
    acted_by text NOT NULL,
    acknowledged_at timestamptz,
    disputed_at timestamptz,
    on_behalf text,
    PRIMARY KEY (municipality, course_id, visit, version, role, person),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);

CREATE TABLE waiting (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    visit integer,
    what text NOT NULL,
    roles text[] NOT NULL,
    persons text[] NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    level integer NOT NULL,
    next_rung_at timestamptz,
    escalation uuid,
    escalated_at timestamptz,
    is_foremost boolean NOT NULL,
    taken_by text,
    taken_at timestamptz,
    look_again_at timestamptz,
    taken_reason uuid,
    waiting_on text,
    answered_until timestamptz,
    PRIMARY KEY (municipality, course_id, key),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX waiting_by_escalation ON waiting (municipality, escalation) WHERE escalation IS NOT NULL;
CREATE INDEX waiting_by_silence ON waiting (municipality, since, escalation) WHERE escalation IS NOT NULL;
CREATE INDEX waiting_foremost
    ON waiting (municipality, course_id)
    INCLUDE (until, escalation, escalated_at, taken_by, look_again_at, waiting_on, answered_until)
    WHERE is_foremost;
CREATE INDEX waiting_on_the_board
    ON waiting (municipality, coalesce(until, 'infinity'::timestamptz), course_id) WHERE is_foremost;
CREATE INDEX waiting_by_next_rung ON waiting (next_rung_at) WHERE next_rung_at IS NOT NULL;

CREATE TABLE party (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    role text NOT NULL,
    person text,
    unit text,
    since timestamptz NOT NULL,
    PRIMARY KEY (municipality, course_id, role),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX party_by_person ON party (municipality, person);
CREATE INDEX party_by_unit ON party (municipality, unit) WHERE unit IS NOT NULL;

CREATE TABLE observer (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    person text NOT NULL,
    kind text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (municipality, course_id, person),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX observer_by_person ON observer (municipality, person);

-- Visit 0 is one that is not entered yet.
CREATE TABLE workplace (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    visit integer NOT NULL,
    step text NOT NULL,
    p_number text NOT NULL,
    PRIMARY KEY (municipality, course_id, visit, step),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX workplace_by_p_number ON workplace (municipality, p_number, course_id);

-- What really began and ended, as the figures count it; visit 0 is one that is not entered yet.
CREATE TABLE measure (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    visit integer NOT NULL,
    step text NOT NULL,
    kind text NOT NULL,
    begun_on date NOT NULL,
    ended_on date,
    both_present boolean,
    PRIMARY KEY (municipality, course_id, visit, step),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
