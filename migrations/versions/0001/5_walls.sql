-- Each transaction sees one municipality.

-- Row-level security binds the tables' owner too.
-- After a transaction its setting is an empty text, not NULL; an empty text must be nobody's municipality.
DO $$ DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY[
        'absence', 'absence_cover', 'audit', 'batch', 'bulk_act', 'bulk_item', 'command', 'company', 'counted_figure', 'counted_month', 'course', 'data_key', 'delivery', 'document',
        'errand', 'finding', 'journal', 'journal_copy', 'measure', 'notice', 'observer', 'party', 'person', 'personal_text', 'receipt', 'removal', 'revision', 'rule_set', 'session',
        'story_told', 'unit', 'visit', 'waiting', 'webhook', 'webhook_event', 'webhook_secret', 'working_time', 'workplace'
    ] LOOP
        EXECUTE 'ALTER TABLE ' || walled || ' ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY';
        EXECUTE 'CREATE POLICY municipality ON ' || walled
            || $_$ USING (municipality = nullif(current_setting('fodslag.municipality', true), '')) $_$
            || $_$ WITH CHECK (municipality = nullif(current_setting('fodslag.municipality', true), '')) $_$;
    END LOOP;
END $$;

-- The default rule sets and when all was audited are shared; the owner, as whom the functions below run, sees what these need and no more.
CREATE POLICY shared ON document FOR SELECT USING (municipality = 'default');
CREATE POLICY shared ON audit FOR SELECT USING (municipality = 'default');
CREATE POLICY keeper ON absence FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY keeper ON bulk_item TO CURRENT_USER USING (state = 'waiting');
CREATE POLICY keeper ON course FOR SELECT TO CURRENT_USER USING (status <> 'completed');
CREATE POLICY keeper ON data_key FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY keeper ON errand TO CURRENT_USER USING (true);
CREATE POLICY keeper ON finding FOR SELECT TO CURRENT_USER USING (mended_at IS NULL);
CREATE POLICY keeper ON notice FOR SELECT TO CURRENT_USER USING (course_id IS NULL);
CREATE POLICY keeper ON personal_text TO CURRENT_USER USING (course_id IS NULL);
CREATE POLICY keeper ON rule_set FOR SELECT TO CURRENT_USER USING (approved_at IS NOT NULL);
CREATE POLICY keeper ON webhook TO CURRENT_USER USING (true);
CREATE POLICY keeper ON working_time FOR SELECT TO CURRENT_USER USING (moved <> '{}');
