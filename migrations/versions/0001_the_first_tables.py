"""The first tables: courses with their history, messages and registers.

It is written in PostgreSQL's own words, so that what runs is what is read, whatever the code looks like by then.
"""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = {
    "course": """
        course_id uuid NOT NULL,
        unit text NOT NULL,
        reference text NOT NULL,
        ordinal integer NOT NULL,
        follows uuid,
        citizen text NOT NULL,
        citizen_text uuid,
        citizen_key text,
        status text NOT NULL,
        steps text[] NOT NULL,
        outcome text,
        started_on date NOT NULL,
        changed_at timestamptz NOT NULL,
        revision integer NOT NULL,
        epoch integer NOT NULL,
        digest text NOT NULL,
        rules_id text NOT NULL,
        rules_version text NOT NULL,
        rules_sha256 text NOT NULL,
        stalled boolean NOT NULL,
        ahead boolean NOT NULL,
        due_at timestamptz,
        waiting_since timestamptz,
        PRIMARY KEY (municipality, course_id),
        UNIQUE (municipality, reference, ordinal)
    """,
    "revision": """
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
    """,
    "journal": """
        course_id uuid NOT NULL,
        epoch integer NOT NULL,
        revision integer NOT NULL,
        seq integer NOT NULL,
        position bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL,
        v integer NOT NULL,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        visit integer,
        detail jsonb,
        PRIMARY KEY (municipality, course_id, epoch, revision, seq),
        FOREIGN KEY (municipality, course_id) REFERENCES course
    """,
    "command": """
        course_id uuid NOT NULL,
        command_id uuid NOT NULL,
        kind text NOT NULL,
        digest text NOT NULL,
        revision integer NOT NULL,
        answer jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (municipality, course_id, command_id)
    """,
    "visit": """
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
        PRIMARY KEY (municipality, course_id, number),
        FOREIGN KEY (municipality, course_id) REFERENCES course
    """,
    "receipt": """
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
    """,
    "waiting": """
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
        stalled boolean NOT NULL,
        next_rung_at timestamptz,
        PRIMARY KEY (municipality, course_id, key),
        FOREIGN KEY (municipality, course_id) REFERENCES course
    """,
    "party": """
        course_id uuid NOT NULL,
        role text NOT NULL,
        person text,
        unit text,
        since timestamptz NOT NULL,
        PRIMARY KEY (municipality, course_id, role),
        FOREIGN KEY (municipality, course_id) REFERENCES course
    """,
    "notice": """
        notice_id uuid NOT NULL,
        course_id uuid NOT NULL,
        about text NOT NULL,
        recipient text NOT NULL,
        visit integer,
        version integer,
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
    """,
    "delivery": """
        notice_id uuid NOT NULL,
        channel text NOT NULL,
        attempt_id text NOT NULL,
        at timestamptz NOT NULL,
        outcome text NOT NULL,
        PRIMARY KEY (municipality, notice_id, channel, attempt_id),
        FOREIGN KEY (municipality, notice_id) REFERENCES notice
    """,
    "content": """
        content_id uuid NOT NULL,
        kind text NOT NULL,
        text text,
        staged_at timestamptz NOT NULL,
        staged_by text NOT NULL,
        course_id uuid,
        adopted_at timestamptz,
        PRIMARY KEY (municipality, content_id),
        FOREIGN KEY (municipality, course_id) REFERENCES course
    """,
    "document": """
        sha256 text NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        body jsonb NOT NULL,
        PRIMARY KEY (municipality, sha256)
    """,
    "person": """
        person_id text NOT NULL,
        name text NOT NULL,
        email text,
        roles text[] NOT NULL,
        unit text,
        employer text,
        language text NOT NULL,
        working_days integer[] NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (municipality, person_id)
    """,
    "data_key": """
        course_id uuid NOT NULL,
        master_key_id text NOT NULL,
        wrapped bytea,
        erased_at timestamptz,
        PRIMARY KEY (municipality, course_id)
    """,
}

_INDEXES = """
    CREATE INDEX course_by_started_on ON course (municipality, started_on, course_id);
    CREATE INDEX course_by_changed_at ON course (municipality, changed_at, course_id);
    CREATE INDEX course_by_due_at
        ON course (municipality, coalesce(due_at, 'infinity'::timestamptz), course_id);
    CREATE INDEX course_by_waiting_since
        ON course (municipality, coalesce(waiting_since, 'infinity'::timestamptz), course_id);
    CREATE INDEX course_by_citizen ON course (municipality, citizen);
    CREATE INDEX journal_by_position ON journal (municipality, position);
    CREATE INDEX notice_by_course ON notice (municipality, course_id, revision);
    CREATE INDEX notice_by_recipient ON notice (municipality, recipient, queued_at) WHERE done_at IS NULL;
    CREATE INDEX party_by_person ON party (municipality, person);
    CREATE INDEX content_by_course ON content (municipality, course_id);
    CREATE INDEX content_by_staged_at ON content (staged_at) WHERE course_id IS NULL;
    CREATE UNIQUE INDEX data_key_by_course ON data_key (course_id);
"""


def upgrade() -> None:
    """Make the tables; the municipality leads each, and defaults to that of the transaction."""
    for table, columns in _TABLES.items():
        op.execute(
            f"CREATE TABLE {table} (municipality text NOT NULL"
            f" DEFAULT current_setting('fodslag.municipality'), {columns})"
        )
    op.execute(_INDEXES)


def downgrade() -> None:
    """Drop the tables and all that they hold."""
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
