-- What stands beside the courses: personal text, rule sets and calendars, people, their time and sessions, companies, data keys.

CREATE TABLE personal_text (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    text_id uuid NOT NULL,
    kind text NOT NULL,
    text text,
    staged_at timestamptz NOT NULL,
    staged_by text NOT NULL,
    course_id uuid,
    adopted_at timestamptz,
    PRIMARY KEY (municipality, text_id),
    FOREIGN KEY (municipality, course_id) REFERENCES course
);
CREATE INDEX personal_text_by_course ON personal_text (municipality, course_id);
CREATE INDEX personal_text_by_staged_at ON personal_text (staged_at) WHERE course_id IS NULL;

CREATE TABLE document (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    sha256 text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (municipality, sha256)
);

-- A municipality's own rule sets: `toml` is what somebody wrote; what carries it on to a later default `follows` it.
CREATE TABLE rule_set (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    rule_set_id text NOT NULL,
    version text NOT NULL,
    sha256 text NOT NULL,
    valid_from date NOT NULL,
    amends text,
    follows text,
    toml text,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    approved_by text,
    approved_at timestamptz,
    withdrawn_by text,
    withdrawn_at timestamptz,
    PRIMARY KEY (municipality, rule_set_id, version),
    FOREIGN KEY (municipality, sha256) REFERENCES document,
    FOREIGN KEY (municipality, rule_set_id, follows) REFERENCES rule_set,
    CHECK (approved_by <> proposed_by),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CHECK ((follows IS NULL) = (toml IS NOT NULL))
);

-- NULL days and hours are those of the office.
CREATE TABLE person (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    person_id text NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    roles text[] NOT NULL,
    unit text,
    employer text,
    language text NOT NULL,
    gathering text NOT NULL,
    working_days integer[],
    working_hours jsonb,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, person_id)
);

-- Who holds what this is the hash of is this person until then.
CREATE TABLE session (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    hash text NOT NULL,
    person text NOT NULL,
    roles text[] NOT NULL,
    units text[] NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (municipality, hash)
);
CREATE INDEX session_by_person ON session (municipality, person);

CREATE TABLE unit (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    unit_id text NOT NULL,
    name text NOT NULL,
    email text,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, unit_id)
);

-- It is looked at once a day who is to be told of it; the words of a hand-over are the items of bulk acts, one for each time that there were any.
CREATE TABLE absence (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    person_id text NOT NULL,
    since date NOT NULL,
    until date,
    looked_at_on date,
    handed_over_at timestamptz,
    handed_over_by_acts uuid[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (municipality, person_id, since),
    FOREIGN KEY (municipality, person_id) REFERENCES person
);

-- NULL courses are all of them. Whoever deletes an absence deletes its covers with it.
CREATE TABLE absence_cover (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    person_id text NOT NULL,
    since date NOT NULL,
    ordinal integer NOT NULL,
    cover text NOT NULL,
    courses uuid[],
    PRIMARY KEY (municipality, person_id, since, ordinal),
    FOREIGN KEY (municipality, person_id, since) REFERENCES absence ON DELETE CASCADE,
    FOREIGN KEY (municipality, cover) REFERENCES person
);
CREATE INDEX absence_cover_by_cover ON absence_cover (municipality, cover);

-- A NULL calendar is the customary one.
CREATE TABLE working_time (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    office jsonb,
    calendar text,
    own_times uuid,
    moved text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (municipality),
    FOREIGN KEY (municipality, calendar) REFERENCES document
);

CREATE TABLE company (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    p_number text NOT NULL,
    cvr text NOT NULL,
    name text NOT NULL,
    address text,
    contacts jsonb NOT NULL,
    opportunities jsonb NOT NULL,
    ratios jsonb NOT NULL,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (municipality, p_number)
);
CREATE INDEX company_by_name ON company (municipality, name, p_number);

CREATE TABLE data_key (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    course_id uuid NOT NULL,
    master_key_id text NOT NULL,
    wrapped bytea,
    erased_at timestamptz,
    PRIMARY KEY (municipality, course_id)
);
CREATE UNIQUE INDEX data_key_by_course ON data_key (course_id);

-- What the audit found of its kind, and when it was found no longer; NULL as long as it is found.
-- The subject is a course, a notice or whatever else the kind is about; a finding may outlive it, or have no course.
CREATE TABLE finding (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    kind text NOT NULL,
    subject uuid NOT NULL,
    what text NOT NULL,
    course_id uuid,
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    mended_at timestamptz,
    PRIMARY KEY (municipality, kind, subject, what)
);

-- When everything of a municipality was looked at last, and how many seconds that took; `default` is all of them.
CREATE TABLE audit (
    municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
    completed_at timestamptz NOT NULL,
    seconds double precision NOT NULL,
    PRIMARY KEY (municipality)
);
