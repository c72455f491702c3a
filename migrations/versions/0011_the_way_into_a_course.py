"""All that applying a command asks of the store first, in one statement."""

from alembic import op

revision = "0011"
down_revision = "0010"

# What the holder of the lock recorded is seen only by a statement that begins after it was given.
_ENTER = """
    CREATE FUNCTION fodslag_enter(
        of_municipality text, of_course uuid, of_command uuid,
        OUT epoch integer, OUT revision integer, OUT digest text,
        OUT command_kind text, OUT command_digest text, OUT command_revision integer, OUT answer jsonb,
        OUT calendar text
    ) LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('fodslag.municipality', of_municipality, true);
        SELECT c.epoch, c.revision, c.digest INTO epoch, revision, digest
            FROM course AS c WHERE c.course_id = of_course FOR NO KEY UPDATE;
        SELECT c.kind, c.digest, c.revision, c.answer INTO command_kind, command_digest, command_revision, answer
            FROM command AS c WHERE c.course_id = of_course AND c.command_id = of_command;
        SELECT w.calendar INTO calendar FROM working_time AS w;
    END
    $$;
    REVOKE ALL ON FUNCTION fodslag_enter(text, uuid, uuid) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fodslag_enter(text, uuid, uuid) TO fodslag_app;
"""


def upgrade() -> None:
    """Make the function; it sees what its caller may see, and no more."""
    op.execute(_ENTER)


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP FUNCTION fodslag_enter(text, uuid, uuid)")
