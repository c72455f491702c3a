-- Applying a command: the texts that it brings, what it finds, and all that it writes.
-- These functions see only what their caller sees.

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
        SELECT coalesce(jsonb_object_agg(asked.id, p.roles), '{}') INTO known
            FROM unnest(of_persons) AS asked (id) LEFT JOIN person AS p ON p.person_id = asked.id;
    END
    $$;

-- Writes what a command did or, of a store that is behind, what the course is; nothing that `entry` does not name.
-- `row` is the course's, `found` what it must be as yet; the rows of `written` take the place of those with their keys,
-- `gone` are the keys of rows to be removed, `still` is what notices still stand for, and `read` what a version has shown.
-- No plan depends on what is written: each statement is planned once for a connection, and finds its rows by the course.
CREATE FUNCTION fodslag_record(entry jsonb) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
    DECLARE
        of_course CONSTANT uuid := entry ->> 'course';
        at_now CONSTANT timestamptz := entry ->> 'now';
        written CONSTANT jsonb := coalesce(entry -> 'written', '{}');
        gone CONSTANT jsonb := coalesce(entry -> 'gone', '{}');
        still CONSTANT jsonb := entry -> 'still';
        as_raised CONSTANT jsonb := '{"attempts": 0, "superseded": false, "told_supervisors": false, "told_others": false}';
        here CONSTANT jsonb := jsonb_build_object('municipality', current_setting('fodslag.municipality'));
        missing text;
    BEGIN
        -- The answer comes first, so that a command that was recorded meanwhile is met before all else.
        IF entry ? 'answer' THEN
            INSERT INTO command SELECT * FROM jsonb_populate_record(NULL::command, here || (entry -> 'answer'));
        END IF;

        IF entry ? 'row' THEN
            -- The digest chains all that came before, so it says the revision too.
            UPDATE course AS c SET (
                    municipality, course_id, unit, reference, ordinal, follows, citizen, citizen_text, citizen_key,
                    protected, status, steps, outcome, started_on, updated_at, revision, epoch, digest, rules_id,
                    rules_version, rules_sha256, is_stalled, is_ahead_of_informing, due_at, waiting_since, wakeup, story,
                    story_approved
                ) = (SELECT n.* FROM jsonb_populate_record(c, entry -> 'row') AS n)
                WHERE c.course_id = of_course AND (entry ? 'is_behind'
                    OR (c.epoch, c.digest) = ((entry #>> '{found,epoch}')::integer, entry #>> '{found,digest}'));
            IF NOT FOUND AND entry ? 'found' THEN
                RAISE unique_violation USING CONSTRAINT = 'course_pkey', MESSAGE = 'The course is another in the store.';
            ELSIF NOT FOUND THEN
                INSERT INTO course SELECT *
                    FROM jsonb_populate_record(NULL::course, '{"protected": false}' || here || (entry -> 'row'));
            END IF;
        END IF;

        IF entry ? 'revision' THEN
            INSERT INTO revision SELECT * FROM jsonb_populate_record(NULL::revision, here || (entry -> 'revision'));
        END IF;
        IF entry ? 'journal' THEN
            INSERT INTO journal (course_id, epoch, revision, seq, kind, v, at, actor, visit, detail)
                SELECT course_id, epoch, revision, seq, kind, v, at, actor, visit, detail
                FROM jsonb_populate_recordset(NULL::journal, entry -> 'journal') ORDER BY seq;
        END IF;

        IF entry ? 'texts' THEN
            UPDATE personal_text AS p SET course_id = of_course, adopted_at = coalesce(p.adopted_at, at_now)
                WHERE p.text_id = ANY (ARRAY(SELECT jsonb_array_elements_text(entry -> 'texts')::uuid))
                AND (p.course_id IS NULL OR p.course_id = of_course);
            SELECT string_agg(named.id, ',') INTO missing
                FROM jsonb_array_elements_text(entry -> 'texts') AS named (id)
                LEFT JOIN personal_text AS p ON p.text_id = named.id::uuid AND p.course_id = of_course
                WHERE p.text_id IS NULL;
            IF missing IS NOT NULL THEN
                RAISE foreign_key_violation USING CONSTRAINT = 'text_staged', MESSAGE = 'A text is missing.', DETAIL = missing;
            END IF;
        END IF;

        IF written ? 'visit' THEN
            INSERT INTO visit AS v SELECT new.*
                FROM jsonb_populate_recordset(jsonb_populate_record(NULL::visit, here), written -> 'visit') AS new
                ON CONFLICT ON CONSTRAINT visit_pkey DO UPDATE SET
                    (step, ordinal, entered_on, entered_at, left_at, ready, version, issued_at, went_ahead, withdrawn,
                        breaches)
                    = ROW (excluded.step, excluded.ordinal, excluded.entered_on, excluded.entered_at, excluded.left_at,
                        excluded.ready, excluded.version, coalesce(excluded.issued_at, v.issued_at),
                        excluded.went_ahead, excluded.withdrawn, excluded.breaches);
        END IF;
        IF gone ? 'party' OR written ? 'party' THEN
            DELETE FROM party AS old USING jsonb_populate_recordset(
                    NULL::party, coalesce(gone -> 'party', '[]') || coalesce(written -> 'party', '[]')) AS k
                WHERE old.course_id = of_course AND old.role = k.role;
            INSERT INTO party SELECT * FROM jsonb_populate_recordset(
                jsonb_populate_record(NULL::party, here), coalesce(written -> 'party', '[]'));
        END IF;
        IF gone ? 'observer' OR written ? 'observer' THEN
            DELETE FROM observer AS old USING jsonb_populate_recordset(
                    NULL::observer, coalesce(gone -> 'observer', '[]') || coalesce(written -> 'observer', '[]')) AS k
                WHERE old.course_id = of_course AND old.person = k.person;
            INSERT INTO observer SELECT * FROM jsonb_populate_recordset(
                jsonb_populate_record(NULL::observer, here), coalesce(written -> 'observer', '[]'));
        END IF;
        IF gone ? 'receipt' OR written ? 'receipt' THEN
            DELETE FROM receipt AS old USING jsonb_populate_recordset(
                    NULL::receipt, coalesce(gone -> 'receipt', '[]') || coalesce(written -> 'receipt', '[]')) AS k
                WHERE old.course_id = of_course AND (old.visit, old.version, old.role, old.person) = (k.visit, k.version, k.role, k.person);
            INSERT INTO receipt SELECT * FROM jsonb_populate_recordset(
                jsonb_populate_record(NULL::receipt, here), coalesce(written -> 'receipt', '[]'));
        END IF;
        IF gone ? 'waiting' OR written ? 'waiting' THEN
            DELETE FROM waiting AS old USING jsonb_populate_recordset(
                    NULL::waiting, coalesce(gone -> 'waiting', '[]') || coalesce(written -> 'waiting', '[]')) AS k
                WHERE old.course_id = of_course AND old.key = k.key;
            INSERT INTO waiting SELECT * FROM jsonb_populate_recordset(
                jsonb_populate_record(NULL::waiting, here), coalesce(written -> 'waiting', '[]'));
        END IF;
        IF gone ? 'workplace' OR written ? 'workplace' THEN
            DELETE FROM workplace AS old USING jsonb_populate_recordset(
                    NULL::workplace, coalesce(gone -> 'workplace', '[]') || coalesce(written -> 'workplace', '[]')) AS k
                WHERE old.course_id = of_course AND (old.visit, old.step) = (k.visit, k.step);
            INSERT INTO workplace SELECT * FROM jsonb_populate_recordset(
                jsonb_populate_record(NULL::workplace, here), coalesce(written -> 'workplace', '[]'));
        END IF;
        IF gone ? 'measure' OR written ? 'measure' THEN
            DELETE FROM measure AS old USING jsonb_populate_recordset(
                    NULL::measure, coalesce(gone -> 'measure', '[]') || coalesce(written -> 'measure', '[]')) AS k
                WHERE old.course_id = of_course AND (old.visit, old.step) = (k.visit, k.step);
            INSERT INTO measure SELECT * FROM jsonb_populate_recordset(
                jsonb_populate_record(NULL::measure, here), coalesce(written -> 'measure', '[]'));
        END IF;

        -- A wait that is over may come again, as after a pause; then its notice is to be done again.
        IF written ? 'notice' THEN
            INSERT INTO notice SELECT * FROM jsonb_populate_recordset(
                    jsonb_populate_record(NULL::notice, here || as_raised), written -> 'notice')
                ON CONFLICT ON CONSTRAINT notice_pkey DO UPDATE SET done_at = NULL, revision = excluded.revision;
        END IF;
        -- Errands are ordered after their notices are raised, so after whoever held one of these has let it go.
        IF written ? 'errand' THEN
            INSERT INTO errand SELECT * FROM jsonb_populate_recordset(
                    jsonb_populate_record(NULL::errand, here || '{"failures": 0}'), written -> 'errand')
                ON CONFLICT DO NOTHING;
        END IF;
        IF entry ? 'seen' THEN
            UPDATE notice AS n SET seen_at = new.seen_at, seen_by = new.seen_by
                FROM jsonb_populate_recordset(NULL::notice, entry -> 'seen') AS new
                WHERE n.course_id = of_course AND n.notice_id = new.notice_id AND n.seen_at IS NULL;
        END IF;
        IF still IS NOT NULL THEN
            PERFORM fodslag_settle(of_course, at_now, still);
        END IF;
        IF entry ? 'read' THEN
            UPDATE notice AS n SET done_at = at_now
                FROM jsonb_to_recordset(entry -> 'read') AS by (reader text, since timestamptz, until timestamptz)
                WHERE n.course_id = of_course AND n.done_at IS NULL AND n.about = 'correction'
                AND n.recipient_kind = 'person' AND n.recipient = by.reader AND n.queued_at BETWEEN by.since AND by.until;
        END IF;
        IF written ? 'waiting' OR written ? 'notice' OR still IS NOT NULL THEN
            PERFORM fodslag_list_notices(of_course);
        END IF;
    END
    $$;

-- Marks notices done that stand for nothing any more, of one course.
CREATE FUNCTION fodslag_settle(of_course uuid, at_now timestamptz, still jsonb) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        keys CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'keys'));
        news CONSTANT uuid[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'news')::uuid);
        asked CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'asked'));
        held CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'held'));
        holders CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'holders'));
        to_come CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'to_come'));
        asks CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'asks'));
        to_others CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(still -> 'to_others'));
    BEGIN
        UPDATE notice AS n SET done_at = at_now
        WHERE n.course_id = of_course AND n.done_at IS NULL AND (
            -- NULL = ANY of nothing is false, and not unknown.
            n.waiting IS NOT NULL AND n.waiting <> ALL (keys)
            OR n.about = 'news' AND n.notice_id <> ALL (news)
            OR n.recipient_kind = 'person' AND n.about <> ALL (to_others) AND n.recipient <> ALL (holders)
            OR n.about = ANY (asks) AND n.recipient_kind = 'person' AND concat(n.waiting, '/', n.recipient) <> ALL (asked)
            OR n.about = ANY (asks) AND n.recipient_kind <> 'person' AND n.waiting = ANY (held)
            OR n.about = 'completed' AND (still ->> 'is_open')::boolean
            OR n.about = 'appointment' AND (
                NOT coalesce((n.subject ->> 'released')::boolean, false) AND n.recipient <> ALL (to_come)
                -- Two of one meeting to one person would both say how it stands now.
                OR EXISTS (
                    SELECT FROM notice AS newer
                    WHERE newer.course_id = n.course_id AND newer.about = n.about AND newer.visit = n.visit
                    AND newer.recipient_kind = n.recipient_kind AND newer.recipient = n.recipient
                    AND newer.subject -> 'appointment' = n.subject -> 'appointment'
                    AND (newer.subject ->> 'sequence')::integer > (n.subject ->> 'sequence')::integer
                )
            )
        );
    END
    $$;

-- What the lists of notices are ordered by is copied to those that are open, so that a page reads no others.
-- Many are told of an escalation once, and each person of each wait; the newest of an address supersedes its others.
-- Whoever reads it may read another of the same item only where others are told; supervisors, where others of them are.
CREATE FUNCTION fodslag_list_notices(of_course uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE notice AS n
            SET item = l.item, until = l.until, look_again_at = l.look_again_at, superseded = l.superseded,
                told_supervisors = l.told_supervisors, told_others = l.told_others
            FROM (
                SELECT o.notice_id, o.item, o.until, o.look_again_at,
                    row_number() OVER (PARTITION BY o.item, o.recipient_kind, o.recipient ORDER BY o.queued_at DESC, o.notice_id)
                        > 1 AS superseded,
                    o.recipient_kind = 'unit'
                        AND bool_or(o.recipient_kind = 'supervisors') OVER (PARTITION BY o.item, o.recipient)
                        AS told_supervisors,
                    CASE o.recipient_kind
                        WHEN 'supervisors' THEN min(o.led) OVER same_item <> max(o.led) OVER same_item
                        ELSE min(o.address) OVER same_item <> max(o.address) OVER same_item
                    END AS told_others
                FROM (
                    SELECT q.notice_id, q.recipient_kind, q.recipient, q.queued_at, w.until,
                        CASE q.recipient_kind WHEN 'person' THEN q.waiting ELSE coalesce(w.escalation::text, q.waiting) END
                            AS item,
                        CASE q.recipient_kind WHEN 'supervisors' THEN w.look_again_at END AS look_again_at,
                        CASE q.recipient_kind WHEN 'supervisors' THEN q.recipient END AS led,
                        q.recipient_kind || '/' || q.recipient AS address
                    FROM notice AS q LEFT JOIN waiting AS w ON w.course_id = q.course_id AND w.key = q.waiting
                    WHERE q.course_id = of_course AND q.done_at IS NULL AND q.waiting IS NOT NULL
                ) AS o
                WINDOW same_item AS (PARTITION BY o.item)
            ) AS l
            WHERE n.course_id = of_course AND n.notice_id = l.notice_id
            AND (n.item, n.until, n.look_again_at, n.superseded, n.told_supervisors, n.told_others)
                IS DISTINCT FROM (l.item, l.until, l.look_again_at, l.superseded, l.told_supervisors, l.told_others);
    END
    $$;

-- Enters and writes at once what was decided by what is `believed`, if that is so and the command is a new one.
CREATE FUNCTION fodslag_apply(
    of_municipality text, of_course uuid, of_command uuid, of_persons text[], believed jsonb, entry jsonb,
    OUT epoch integer, OUT revision integer, OUT digest text,
    OUT command_kind text, OUT command_digest text, OUT command_revision integer, OUT answer jsonb,
    OUT calendar text, OUT own_times uuid, OUT known jsonb
) LANGUAGE plpgsql AS $$
    BEGIN
        SELECT e.* INTO epoch, revision, digest, command_kind, command_digest, command_revision, answer,
                calendar, own_times, known
            FROM fodslag_enter(of_municipality, of_course, of_command, of_persons) AS e;
        IF answer IS NULL AND believed = jsonb_build_object(
                'epoch', epoch, 'revision', revision, 'digest', digest,
                'calendar', calendar, 'own_times', own_times, 'known', known) THEN
            PERFORM fodslag_record(entry);
        END IF;
    END
    $$;

-- Keeps texts, by their ids, for the command that will name them.
CREATE FUNCTION fodslag_stage(of_municipality text, of_kind text, texts jsonb, by text, at timestamptz)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('fodslag.municipality', of_municipality, true);
        INSERT INTO personal_text (text_id, kind, text, staged_by, staged_at)
            SELECT t.key::uuid, of_kind, t.value, by, at FROM jsonb_each_text(texts) AS t;
    END
    $$;

REVOKE ALL ON FUNCTION fodslag_apply, fodslag_enter, fodslag_list_notices, fodslag_record, fodslag_settle, fodslag_stage FROM PUBLIC;
