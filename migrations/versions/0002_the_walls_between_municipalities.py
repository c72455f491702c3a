"""The walls: the application's role sees one municipality at a time, and adds to history without changing it.

Only two functions reach across, each for one narrow purpose.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = (
    "command",
    "content",
    "course",
    "data_key",
    "delivery",
    "document",
    "journal",
    "notice",
    "party",
    "person",
    "receipt",
    "revision",
    "visit",
    "waiting",
)

# A role belongs to the whole server: another database of it may have made the role, or be making it now.
_ROLE = """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fodslag_app') THEN
            CREATE ROLE fodslag_app NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END $$;
    DO $$ BEGIN
        IF NOT pg_has_role(current_user, 'fodslag_app', 'SET') THEN
            GRANT fodslag_app TO CURRENT_USER;
        END IF;
    END $$;
"""

# After a transaction its setting is an empty text, not NULL; an empty text must be nobody's municipality.
_HERE = "municipality = nullif(current_setting('fodslag.municipality', true), '')"

_EXCEPTIONS = """
    CREATE POLICY shared ON document FOR SELECT USING (municipality = 'default');
    CREATE POLICY keeper ON data_key FOR SELECT TO CURRENT_USER USING (true);
    CREATE POLICY keeper ON content TO CURRENT_USER USING (course_id IS NULL);
"""

_GRANTS = """
    GRANT USAGE ON SCHEMA public TO fodslag_app;
    GRANT SELECT, INSERT, UPDATE, DELETE
        ON content, course, data_key, delivery, document, notice, party, person, receipt, visit, waiting
        TO fodslag_app;
    GRANT SELECT, INSERT ON command, journal, revision TO fodslag_app;
    GRANT UPDATE (detail) ON journal TO fodslag_app;
    GRANT UPDATE (snapshot) ON revision TO fodslag_app;
"""

# The codec meets a course id before it can know whose it is.
_DATA_KEY = """
    CREATE FUNCTION fodslag_data_key(course uuid)
        RETURNS TABLE (master_key_id text, wrapped bytea, erased boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
        AS $$
            SELECT k.master_key_id, k.wrapped, k.erased_at IS NOT NULL
            FROM public.data_key AS k WHERE k.course_id = fodslag_data_key.course
        $$;
    REVOKE ALL ON FUNCTION fodslag_data_key FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fodslag_data_key TO fodslag_app;
"""

_SWEEP = """
    CREATE FUNCTION fodslag_sweep_content(before timestamptz)
        RETURNS bigint
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
        AS $$
            WITH swept AS (
                DELETE FROM public.content AS c
                WHERE c.course_id IS NULL AND c.staged_at < fodslag_sweep_content.before
                RETURNING 1
            )
            SELECT count(*) FROM swept
        $$;
    REVOKE ALL ON FUNCTION fodslag_sweep_content FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fodslag_sweep_content TO fodslag_app;
"""


def upgrade() -> None:
    """Raise the walls, which bind the tables' owner too."""
    op.execute(_ROLE)
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY municipality ON {table} USING ({_HERE}) WITH CHECK ({_HERE})")
    for statement in (_EXCEPTIONS, _GRANTS, _DATA_KEY, _SWEEP):
        op.execute(statement)


def downgrade() -> None:
    """Take the walls down; the role stays, because it belongs to the server and not to this database."""
    op.execute("DROP FUNCTION fodslag_sweep_content, fodslag_data_key")
    op.execute("REVOKE USAGE ON SCHEMA public FROM fodslag_app")
    op.execute("DROP POLICY shared ON document; DROP POLICY keeper ON data_key; DROP POLICY keeper ON content")
    for table in _TABLES:
        op.execute(f"REVOKE ALL ON {table} FROM fodslag_app")
        op.execute(f"DROP POLICY municipality ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
