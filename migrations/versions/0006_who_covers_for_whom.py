"""Who covers for somebody who is away: for each absence, in order, and for which courses."""

from alembic import op

revision = "0006"
down_revision = "0005"

# NULL courses are all of them. Who takes an absence back takes its cover back with it.
_TABLE = """
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
"""

_HERE = "municipality = nullif(current_setting('fodslag.municipality', true), '')"


def upgrade() -> None:
    """Make the table with its wall."""
    op.execute(_TABLE)
    op.execute("ALTER TABLE absence_cover ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY municipality ON absence_cover USING ({_HERE}) WITH CHECK ({_HERE})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON absence_cover TO fodslag_app")


def downgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE absence_cover")
