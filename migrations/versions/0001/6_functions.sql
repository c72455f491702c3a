-- Three functions reach across municipalities, each for one narrow purpose; the last sees only what its caller sees.

-- The codec meets a course id before it can know whose it is.
CREATE FUNCTION fodslag_data_key(course uuid)
    RETURNS TABLE (master_key_id text, wrapped bytea, erased boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT k.master_key_id, k.wrapped, k.erased_at IS NOT NULL
        FROM public.data_key AS k WHERE k.course_id = fodslag_data_key.course
    $$;

CREATE FUNCTION fodslag_sweep_texts(before timestamptz)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH swept AS (
            DELETE FROM public.personal_text AS c
            WHERE c.course_id IS NULL AND c.staged_at < fodslag_sweep_texts.before
            RETURNING 1
        )
        SELECT count(*) FROM swept
    $$;

-- How many courses slept past their wake-up (P5): a number and nothing else.
CREATE FUNCTION fodslag_asleep(since timestamptz)
    RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT count(DISTINCT w.course_id) FROM public.waiting AS w
        WHERE w.next_rung_at < fodslag_asleep.since
    $$;

-- The municipalities whose calendar was changed and whose courses are not all renewed yet (P5).
CREATE FUNCTION fodslag_moved()
    RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT w.municipality FROM public.working_time AS w WHERE w.moved <> '{}' ORDER BY w.municipality
    $$;

-- All that applying a command asks of the store first, in one statement.
-- What the holder of the lock recorded is seen only by a statement that begins after it was given.
CREATE FUNCTION fodslag_enter(
    of_municipality text, of_course uuid, of_command uuid, of_persons text[],
    OUT epoch integer, OUT revision integer, OUT digest text,
    OUT command_kind text, OUT command_digest text, OUT command_revision integer, OUT answer jsonb,
    OUT calendar text, OUT own_times uuid, OUT known jsonb
) LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('fodslag.municipality', of_municipality, true);
        SELECT c.epoch, c.revision, c.digest INTO epoch, revision, digest
            FROM course AS c WHERE c.course_id = of_course FOR NO KEY UPDATE;
        SELECT c.kind, c.digest, c.revision, c.answer INTO command_kind, command_digest, command_revision, answer
            FROM command AS c WHERE c.course_id = of_course AND c.command_id = of_command;
        SELECT w.calendar, w.own_times INTO calendar, own_times FROM working_time AS w;
        SELECT coalesce(jsonb_object_agg(p.person_id, p.roles), '{}') INTO known
            FROM person AS p WHERE p.person_id = ANY (of_persons);
    END
    $$;

REVOKE ALL ON FUNCTION fodslag_data_key, fodslag_sweep_texts, fodslag_asleep, fodslag_moved, fodslag_enter FROM PUBLIC;
