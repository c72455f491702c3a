-- Functions that reach across municipalities, each for one narrow purpose.

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
            AND NOT EXISTS (
                SELECT FROM public.bulk_item AS i
                WHERE i.municipality = c.municipality AND i.text_id = c.text_id AND i.state = 'waiting'
            )
            RETURNING 1
        )
        SELECT count(*) FROM swept
    $$;

-- The municipalities in which there is something to audit.
CREATE FUNCTION fodslag_municipalities()
    RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT c.municipality FROM public.course AS c WHERE c.status <> 'completed'
        UNION SELECT e.municipality FROM public.errand AS e
        UNION SELECT w.municipality FROM public.webhook AS w
        UNION SELECT f.municipality FROM public.finding AS f WHERE f.mended_at IS NULL
        ORDER BY 1
    $$;

-- How much the audit finds of each kind, in all municipalities together: numbers and nothing else.
CREATE FUNCTION fodslag_findings()
    RETURNS TABLE (kind text, number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT f.kind, count(*) FROM public.finding AS f WHERE f.mended_at IS NULL GROUP BY f.kind
    $$;

-- The municipalities whose calendar was changed and whose courses are not all renewed yet (P5).
CREATE FUNCTION fodslag_moved()
    RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT w.municipality FROM public.working_time AS w WHERE w.moved <> '{}' ORDER BY w.municipality
    $$;

-- The municipalities that have published rule sets which amend a default one.
CREATE FUNCTION fodslag_amending()
    RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT DISTINCT r.municipality FROM public.rule_set AS r
        WHERE r.approved_at IS NOT NULL AND r.withdrawn_at IS NULL AND r.amends IS NOT NULL
        ORDER BY 1
    $$;

-- The municipalities with absences, not over and begun by a day, of which it was not looked on `today` who is to be told;
-- and those in which somebody was told, for the absence may have been taken back.
CREATE FUNCTION fodslag_absences_to_look_at(today date, begun_by date)
    RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT a.municipality FROM public.absence AS a
        WHERE a.since <= begun_by AND (a.until IS NULL OR a.until >= today)
        AND (a.looked_at_on IS NULL OR a.looked_at_on < today)
        UNION SELECT n.municipality FROM public.notice AS n WHERE n.course_id IS NULL AND n.done_at IS NULL
        ORDER BY 1
    $$;

-- What is due on a channel, the longest due first and of each municipality so many, is the caller's until an instant.
-- He learns ids and nothing else; what others are claiming is passed over, and what he never ends is due again then.
CREATE FUNCTION fodslag_claim_errands(of_channel text, due_by timestamptz, until timestamptz, at_most integer)
    RETURNS TABLE (municipality text, notice_id uuid, person text)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH due AS MATERIALIZED (
            SELECT e.municipality, e.notice_id, e.person
            FROM (
                SELECT DISTINCT w.municipality FROM public.errand AS w
                WHERE w.channel = of_channel AND w.due_at <= due_by
            ) AS waiting
            CROSS JOIN LATERAL (
                SELECT d.municipality, d.notice_id, d.person FROM public.errand AS d
                WHERE d.channel = of_channel AND d.municipality = waiting.municipality AND d.due_at <= due_by
                ORDER BY d.due_at, d.notice_id, d.person LIMIT at_most FOR UPDATE SKIP LOCKED
            ) AS e
        )
        UPDATE public.errand AS e SET due_at = fodslag_claim_errands.until
        FROM due
        WHERE e.municipality = due.municipality AND e.notice_id = due.notice_id AND e.person = due.person
        AND e.channel = of_channel
        RETURNING e.municipality, e.notice_id, e.person
    $$;

CREATE FUNCTION fodslag_next_errand(of_channel text)
    RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT min(e.due_at) FROM public.errand AS e WHERE e.channel = of_channel
    $$;

-- Every active webhook that is due is the caller's until an instant; he learns ids and nothing else.
CREATE FUNCTION fodslag_claim_webhooks(due_by timestamptz, until timestamptz)
    RETURNS TABLE (municipality text, webhook_id uuid)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH due AS MATERIALIZED (
            SELECT w.municipality, w.webhook_id FROM public.webhook AS w
            WHERE w.state = 'active' AND w.due_at <= due_by
            FOR UPDATE SKIP LOCKED
        )
        UPDATE public.webhook AS w SET due_at = fodslag_claim_webhooks.until
        FROM due WHERE w.municipality = due.municipality AND w.webhook_id = due.webhook_id
        RETURNING w.municipality, w.webhook_id
    $$;

-- What is due of bulk acts, of each municipality so much, is the caller's until an instant; he learns ids and nothing else.
CREATE FUNCTION fodslag_claim_bulk_items(due_by timestamptz, until timestamptz, at_most integer)
    RETURNS TABLE (municipality text, bulk_id uuid, ordinal integer)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH due AS MATERIALIZED (
            SELECT i.municipality, i.bulk_id, i.ordinal
            FROM (
                SELECT DISTINCT w.municipality FROM public.bulk_item AS w
                WHERE w.state = 'waiting' AND w.due_at <= due_by
            ) AS waiting
            CROSS JOIN LATERAL (
                SELECT d.municipality, d.bulk_id, d.ordinal FROM public.bulk_item AS d
                WHERE d.state = 'waiting' AND d.municipality = waiting.municipality AND d.due_at <= due_by
                ORDER BY d.due_at, d.bulk_id, d.ordinal LIMIT at_most FOR UPDATE SKIP LOCKED
            ) AS i
        )
        UPDATE public.bulk_item AS i SET due_at = fodslag_claim_bulk_items.until
        FROM due
        WHERE i.municipality = due.municipality AND i.bulk_id = due.bulk_id AND i.ordinal = due.ordinal
        RETURNING i.municipality, i.bulk_id, i.ordinal
    $$;

-- Every new errand wakes the courier once its transaction is committed.
CREATE FUNCTION fodslag_wake_courier()
    RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        NOTIFY fodslag_courier;
        RETURN NULL;
    END
    $$;

CREATE TRIGGER wake_courier AFTER INSERT ON errand FOR EACH STATEMENT EXECUTE FUNCTION fodslag_wake_courier();

REVOKE ALL
    ON FUNCTION fodslag_absences_to_look_at, fodslag_amending, fodslag_data_key, fodslag_sweep_texts, fodslag_municipalities, fodslag_findings, fodslag_moved,
       fodslag_claim_bulk_items, fodslag_claim_errands, fodslag_claim_webhooks, fodslag_next_errand, fodslag_wake_courier
    FROM PUBLIC;
