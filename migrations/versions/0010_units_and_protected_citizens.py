"""The units that are registered with a name, which citizens' names are protected, and what started a course."""

from alembic import op

revision = "0010"
down_revision = "0009"

_TABLES = """
    CREATE TABLE unit (
        municipality text NOT NULL DEFAULT current_setting('fodslag.municipality'),
        unit_id text NOT NULL,
        name text NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (municipality, unit_id)
    );
    ALTER TABLE unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE INDEX course_by_unit ON course (municipality, unit);
    CREATE INDEX party_by_unit ON party (municipality, unit) WHERE unit IS NOT NULL;
    CREATE INDEX waiting_by_silence ON waiting (municipality, since, escalation) WHERE escalation IS NOT NULL;
    CREATE INDEX command_that_started ON command (municipality, command_id) WHERE kind = 'start_course';
    ALTER TABLE course ADD COLUMN protected boolean NOT NULL DEFAULT false;
"""

_HERE = "municipality = nullif(current_setting('fodslag.municipality', true), '')"


def upgrade() -> None:
    """Make the table with its walls; nobody whose course runs already was said to be protected."""
    op.execute(_TABLES)
    op.execute(f"CREATE POLICY municipality ON unit USING ({_HERE}) WITH CHECK ({_HERE})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON unit TO fodslag_app")


def downgrade() -> None:
    """Drop them."""
    op.execute("ALTER TABLE course DROP COLUMN protected")
    op.execute("DROP INDEX command_that_started")
    op.execute("DROP INDEX waiting_by_silence")
    op.execute("DROP INDEX party_by_unit")
    op.execute("DROP INDEX course_by_unit")
    op.execute("DROP TABLE unit")
