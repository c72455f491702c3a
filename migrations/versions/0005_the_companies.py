"""The companies that all courses of a municipality share, and which courses are at which workplace."""

from alembic import op

revision = "0005"
down_revision = "0004"

_TABLES = {
    "company": """
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
    """,
    # Visit 0 is one that is not entered yet.
    "workplace": """
        course_id uuid NOT NULL,
        visit integer NOT NULL,
        fact text NOT NULL,
        step text NOT NULL,
        p_number text NOT NULL,
        PRIMARY KEY (municipality, course_id, visit, fact),
        FOREIGN KEY (municipality, course_id) REFERENCES course
    """,
}

_INDEXES = """
    CREATE INDEX company_by_name ON company (municipality, name, p_number);
    CREATE INDEX workplace_by_p_number ON workplace (municipality, p_number, course_id);
"""

_HERE = "municipality = nullif(current_setting('fodslag.municipality', true), '')"


def upgrade() -> None:
    """Make the tables, each with its wall."""
    for table, columns in _TABLES.items():
        op.execute(
            f"CREATE TABLE {table} (municipality text NOT NULL"
            f" DEFAULT current_setting('fodslag.municipality'), {columns})"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY municipality ON {table} USING ({_HERE}) WITH CHECK ({_HERE})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO fodslag_app")
    op.execute(_INDEXES)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
