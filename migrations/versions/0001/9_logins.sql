-- What the API and the worker may do, each the least that it needs. Neither owns anything; both are of one group.

-- A role belongs to the whole server: another database of it may have made the role, or be making it now.
DO $$ DECLARE
    made text;
BEGIN
    FOREACH made IN ARRAY ARRAY['fodslag_app', 'fodslag_api', 'fodslag_worker'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = made) THEN
                EXECUTE 'CREATE ROLE ' || made || ' NOLOGIN';
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        IF made <> 'fodslag_app' AND NOT pg_has_role(made, 'fodslag_app', 'USAGE') THEN
            EXECUTE 'GRANT fodslag_app TO ' || made;
        END IF;
    END LOOP;
    -- Whoever may connect may otherwise make tables of his own, if only until he leaves.
    EXECUTE 'REVOKE ALL ON DATABASE ' || quote_ident(current_database()) || ' FROM PUBLIC';
    EXECUTE 'GRANT CONNECT ON DATABASE ' || quote_ident(current_database()) || ' TO fodslag_app';
END $$;

-- Both read courses, and put calendars and rule sets where the other finds them.
GRANT USAGE ON SCHEMA public TO fodslag_app;
GRANT SELECT
    ON absence, absence_cover, audit, batch, bulk_act, bulk_item, command, counted_figure, counted_month, course, delivery, document,
       errand, finding, journal, measure, notice, observer, party, person, personal_text, receipt, removal, revision, rule_set, story_told, visit, waiting,
       webhook, webhook_event, working_time, workplace
    TO fodslag_app;
GRANT INSERT ON document TO fodslag_app;
GRANT EXECUTE ON FUNCTION fodslag_data_key TO fodslag_app;

-- The API writes the registers and stages texts; what happens in a course is the worker's to write.
GRANT SELECT ON company, unit TO fodslag_api;
GRANT INSERT, UPDATE ON company, person, unit, working_time TO fodslag_api;
GRANT INSERT, DELETE, UPDATE (looked_at_on, handed_over_at, handed_over_by_acts) ON absence TO fodslag_api;
GRANT INSERT ON absence_cover TO fodslag_api;
GRANT SELECT (municipality, course_id), INSERT (municipality, course_id, master_key_id, wrapped)
    ON data_key TO fodslag_api;
GRANT INSERT (municipality, text_id, kind, text, staged_at, staged_by) ON personal_text TO fodslag_api;
-- What it marks as seen itself is of no course; the others are seen by a command.
GRANT UPDATE (seen_at, seen_by) ON notice TO fodslag_api;
CREATE POLICY of_no_course ON notice AS RESTRICTIVE FOR UPDATE TO fodslag_api USING (course_id IS NULL);
GRANT INSERT ON bulk_act, bulk_item, rule_set TO fodslag_api;
GRANT UPDATE (sha256, valid_from, amends, toml, proposed_by, proposed_at, approved_by, approved_at, withdrawn_by, withdrawn_at)
    ON rule_set TO fodslag_api;
-- What was ordered and not done is called off by who ordered it.
GRANT UPDATE (state, ended_at, problems) ON bulk_item TO fodslag_api;
GRANT SELECT, INSERT, UPDATE (position, copied_by, copied_at) ON journal_copy TO fodslag_api;
GRANT SELECT, INSERT, DELETE ON session TO fodslag_api;
GRANT INSERT, DELETE ON webhook TO fodslag_api;
GRANT UPDATE (url, kinds, description, roles, units, state, state_since) ON webhook TO fodslag_api;
GRANT INSERT ON webhook_event TO fodslag_api;
GRANT UPDATE (state, out_of_order, due_at, failures, failing_since) ON webhook_event TO fodslag_api;
GRANT SELECT (municipality, webhook_id, secret_id, since, until), INSERT, UPDATE (until), DELETE
    ON webhook_secret TO fodslag_api;
GRANT EXECUTE ON FUNCTION fodslag_findings, fodslag_stage TO fodslag_api;

-- History is only added to, and its order is the server's to give.
GRANT INSERT ON command, counted_figure, counted_month, removal, revision TO fodslag_worker;
GRANT INSERT (municipality, course_id, epoch, revision, seq, kind, v, at, actor, visit, detail)
    ON journal TO fodslag_worker;
GRANT UPDATE (detail) ON journal TO fodslag_worker;
GRANT UPDATE (snapshot) ON revision TO fodslag_worker;
GRANT UPDATE (content, agreed_by, agreed_at) ON removal TO fodslag_worker;
GRANT UPDATE (text, course_id, adopted_at) ON personal_text TO fodslag_worker;
GRANT INSERT, UPDATE ON audit, course, delivery, notice, visit TO fodslag_worker;
GRANT INSERT, UPDATE, DELETE ON errand, finding, measure, observer, party, receipt, waiting, workplace TO fodslag_worker;
GRANT INSERT, DELETE ON batch TO fodslag_worker;
GRANT UPDATE (state, due_at, failures, ended_at, revision, problems) ON bulk_item TO fodslag_worker;
GRANT INSERT ON rule_set TO fodslag_worker;
GRANT INSERT, UPDATE ON story_told TO fodslag_worker;
GRANT SELECT (municipality, p_number, name, opportunities) ON company TO fodslag_worker;
GRANT SELECT (municipality, unit_id, email) ON unit TO fodslag_worker;
GRANT UPDATE (looked_at_on) ON absence TO fodslag_worker;
GRANT UPDATE (moved) ON working_time TO fodslag_worker;
GRANT UPDATE (state, state_since, tx, position, part, due_at) ON webhook TO fodslag_worker;
GRANT SELECT ON webhook_secret TO fodslag_worker;
GRANT INSERT, UPDATE, DELETE ON webhook_event TO fodslag_worker;
GRANT EXECUTE
    ON FUNCTION fodslag_absences_to_look_at, fodslag_amending, fodslag_apply, fodslag_claim_bulk_items, fodslag_claim_errands,
       fodslag_claim_webhooks, fodslag_enter, fodslag_moved, fodslag_municipalities, fodslag_next_errand, fodslag_only_blanked,
       fodslag_list_notices, fodslag_record, fodslag_settle, fodslag_sweep_texts
    TO fodslag_worker;
