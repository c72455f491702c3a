"""How many courses slept past their wake-up, counted across municipalities for those who operate the system (P5)."""

from alembic import op

revision = "0008"
down_revision = "0007"

_INDEX = "CREATE INDEX waiting_by_next_rung ON waiting (next_rung_at) WHERE next_rung_at IS NOT NULL"

# It tells a number and nothing else, so it may look over the walls.
_ASLEEP = """
    CREATE FUNCTION fodslag_asleep(since timestamptz)
        RETURNS bigint
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
        AS $$
            SELECT count(DISTINCT w.course_id) FROM public.waiting AS w
            WHERE w.next_rung_at < fodslag_asleep.since
        $$;
    REVOKE ALL ON FUNCTION fodslag_asleep FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fodslag_asleep TO fodslag_app;
"""

_KEEPER = "CREATE POLICY keeper ON waiting FOR SELECT TO CURRENT_USER USING (true)"


def upgrade() -> None:
    """Add the function, and let the tables' owner, as whom it looks, see every wait."""
    op.execute(_INDEX)
    op.execute(_KEEPER)
    op.execute(_ASLEEP)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP FUNCTION fodslag_asleep")
    op.execute("DROP POLICY keeper ON waiting")
    op.execute("DROP INDEX waiting_by_next_rung")
