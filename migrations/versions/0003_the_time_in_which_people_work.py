"""The time in which people work: what a municipality says of its office, each person's own days, and absences."""

from alembic import op

revision = "0003"
down_revision = "0002"

# NULL days are those of the office, for which five weekdays stood until now.
# The columns are rewritten and not updated: row-level security binds the owner too, and hides every row from it.
_PERSON = """
    ALTER TABLE person
        ALTER working_days DROP NOT NULL,
        ALTER working_days TYPE integer[] USING nullif(working_days, '{1,2,3,4,5}'),
        ADD working_hours jsonb
"""

_NO_PERSON = """
    ALTER TABLE person
        ALTER working_days TYPE integer[] USING coalesce(working_days, '{1,2,3,4,5}'),
        ALTER working_days SET NOT NULL,
        DROP working_hours
"""

# A NULL calendar is the customary one.
_TABLES = {
    "absence": """
        person_id text NOT NULL,
        since date NOT NULL,
        until date,
        PRIMARY KEY (municipality, person_id, since),
        FOREIGN KEY (municipality, person_id) REFERENCES person
    """,
    "working_time": """
        office jsonb,
        calendar text,
        PRIMARY KEY (municipality),
        FOREIGN KEY (municipality, calendar) REFERENCES document
    """,
}

_HERE = "municipality = nullif(current_setting('fodslag.municipality', true), '')"


def upgrade() -> None:
    """Make the tables, each with its wall."""
    op.execute(_PERSON)
    for table, columns in _TABLES.items():
        op.execute(
            f"CREATE TABLE {table} (municipality text NOT NULL"
            f" DEFAULT current_setting('fodslag.municipality'), {columns})"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY municipality ON {table} USING ({_HERE}) WITH CHECK ({_HERE})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO fodslag_app")


def downgrade() -> None:
    """Drop the tables; for the days of the office, five weekdays stand again."""
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute(_NO_PERSON)
