"""Who observes which course, and what was removed because it was of another citizen."""

from alembic import op

revision = "0009"
down_revision = "0008"

_TABLES = """
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
        PRIMARY KEY (municipality, removal_id),
        FOREIGN KEY (municipality, course_id) REFERENCES course
    );
    CREATE INDEX removal_by_time ON removal (municipality, removed_at, removal_id);
"""

_HERE = "municipality = nullif(current_setting('fodslag.municipality', true), '')"


def upgrade() -> None:
    """Make the tables with their walls; what was removed stays told of."""
    op.execute(_TABLES)
    for table in ("observer", "removal"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY municipality ON {table} USING ({_HERE}) WITH CHECK ({_HERE})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON observer TO fodslag_app")
    op.execute("GRANT SELECT, INSERT ON removal TO fodslag_app")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE observer, removal")
