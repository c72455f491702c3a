"""The journal as a feed: each row remembers its transaction, so that a late commit is never passed over."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Give every row its transaction; rows that are there already all get this one, and keep their order."""
    op.execute(
        "ALTER TABLE journal ADD tx bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;"
        "DROP INDEX journal_by_position;"
        "CREATE INDEX journal_as_feed ON journal (municipality, tx, position)"
    )


def downgrade() -> None:
    """Order the rows by their position alone."""
    op.execute(
        "DROP INDEX journal_as_feed;"
        "CREATE INDEX journal_by_position ON journal (municipality, position);"
        "ALTER TABLE journal DROP tx"
    )
