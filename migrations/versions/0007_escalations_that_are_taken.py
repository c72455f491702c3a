"""Escalations that supervisors take: who has which silent wait and until when, and how to find it by its identity."""

from alembic import op

revision = "0007"
down_revision = "0006"

_COLUMNS = {
    "escalation": "uuid",
    "taken_by": "text",
    "taken_at": "timestamptz",
    "look_again_at": "timestamptz",
    "taken_reason": "uuid",
}

_INDEXES = """
    CREATE INDEX waiting_by_escalation
        ON waiting (municipality, escalation) WHERE escalation IS NOT NULL;
    CREATE INDEX journal_by_escalation
        ON journal (municipality, (detail ->> 'escalation')) WHERE kind = 'escalation_taken';
"""


def upgrade() -> None:
    """Add the columns, empty: a wait has its identity once it is written again."""
    for column, kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE waiting ADD {column} {kind}")
    op.execute(_INDEXES)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP INDEX journal_by_escalation, waiting_by_escalation")
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE waiting DROP {column}")
