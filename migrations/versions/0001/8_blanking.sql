-- What was written stays as it was written, or is blanked; that binds whoever updates it, the owner too.

-- A value that is removed is an empty text; nothing else in a document changes.
CREATE FUNCTION fodslag_only_blanked(before jsonb, after jsonb)
    RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE SET search_path = ''
    AS $$
    BEGIN
        IF before = after THEN
            RETURN true;
        ELSIF jsonb_typeof(before) = 'object' AND jsonb_typeof(after) = 'object' THEN
            RETURN NOT EXISTS (
                SELECT FROM jsonb_each(before) AS b FULL JOIN jsonb_each(after) AS a USING (key)
                WHERE b.value IS DISTINCT FROM a.value
                AND NOT (key = 'value' AND b.value IS NOT NULL AND a.value IS NOT DISTINCT FROM '""')
                AND NOT public.fodslag_only_blanked(b.value, a.value)
            );
        ELSIF jsonb_typeof(before) = 'array' AND jsonb_typeof(after) = 'array' THEN
            RETURN NOT EXISTS (
                SELECT FROM jsonb_array_elements(before) WITH ORDINALITY AS b (value, place)
                FULL JOIN jsonb_array_elements(after) WITH ORDINALITY AS a (value, place) USING (place)
                WHERE b.value IS DISTINCT FROM a.value AND NOT public.fodslag_only_blanked(b.value, a.value)
            );
        END IF;
        RETURN false;
    END
    $$;

CREATE FUNCTION fodslag_refuse_rewriting()
    RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        RAISE EXCEPTION 'what is written in % may be blanked, not rewritten', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END
    $$;

CREATE TRIGGER only_blanked BEFORE UPDATE ON journal FOR EACH ROW
    WHEN (NEW.detail IS NOT NULL AND NOT fodslag_only_blanked(OLD.detail, NEW.detail))
    EXECUTE FUNCTION fodslag_refuse_rewriting();

CREATE TRIGGER only_blanked BEFORE UPDATE ON revision FOR EACH ROW
    WHEN (NEW.snapshot IS NOT NULL AND NOT fodslag_only_blanked(OLD.snapshot, NEW.snapshot))
    EXECUTE FUNCTION fodslag_refuse_rewriting();

-- Who agreed, and when, is said once.
CREATE TRIGGER only_blanked BEFORE UPDATE ON removal FOR EACH ROW
    WHEN (
        (NEW.content IS NOT NULL AND NEW.content IS DISTINCT FROM OLD.content)
        OR (OLD.agreed_at IS NOT NULL AND (OLD.agreed_by, OLD.agreed_at) IS DISTINCT FROM (NEW.agreed_by, NEW.agreed_at))
    )
    EXECUTE FUNCTION fodslag_refuse_rewriting();

-- A text is adopted by one course, once.
CREATE TRIGGER only_blanked BEFORE UPDATE ON personal_text FOR EACH ROW
    WHEN (
        (NEW.text IS NOT NULL AND NEW.text IS DISTINCT FROM OLD.text)
        OR (OLD.course_id IS NOT NULL AND NEW.course_id IS DISTINCT FROM OLD.course_id)
        OR (OLD.adopted_at IS NOT NULL AND NEW.adopted_at IS DISTINCT FROM OLD.adopted_at)
    )
    EXECUTE FUNCTION fodslag_refuse_rewriting();

-- A key that is destroyed stays so.
CREATE TRIGGER only_blanked BEFORE UPDATE ON data_key FOR EACH ROW
    WHEN (
        (NEW.wrapped IS NOT NULL AND NEW.wrapped IS DISTINCT FROM OLD.wrapped)
        OR (OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at)
    )
    EXECUTE FUNCTION fodslag_refuse_rewriting();

REVOKE ALL ON FUNCTION fodslag_only_blanked, fodslag_refuse_rewriting FROM PUBLIC;

-- A published rule set is what was approved, for ever; it may be withdrawn, once.
CREATE TRIGGER only_blanked BEFORE UPDATE ON rule_set FOR EACH ROW
    WHEN (
        (OLD.approved_at IS NOT NULL AND (
            OLD.sha256, OLD.valid_from, OLD.amends, OLD.toml, OLD.proposed_by, OLD.proposed_at, OLD.approved_by, OLD.approved_at
        ) IS DISTINCT FROM (
            NEW.sha256, NEW.valid_from, NEW.amends, NEW.toml, NEW.proposed_by, NEW.proposed_at, NEW.approved_by, NEW.approved_at
        ))
        OR (OLD.withdrawn_at IS NOT NULL AND OLD.approved_at IS NOT NULL AND OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)
    )
    EXECUTE FUNCTION fodslag_refuse_rewriting();
