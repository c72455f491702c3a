-- The application's role sees one municipality at a time, and adds to history without changing it.

-- A role belongs to the whole server: another database of it may have made the role, or be making it now.
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

-- Row-level security binds the tables' owner too.
-- After a transaction its setting is an empty text, not NULL; an empty text must be nobody's municipality.
DO $$ DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY[
        'absence', 'absence_cover', 'command', 'company', 'course', 'data_key', 'delivery', 'document',
        'journal', 'notice', 'observer', 'party', 'person', 'personal_text', 'receipt', 'removal', 'revision', 'unit',
        'visit', 'waiting', 'working_time', 'workplace'
    ] LOOP
        EXECUTE 'ALTER TABLE ' || walled || ' ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY';
        EXECUTE 'CREATE POLICY municipality ON ' || walled
            || $_$ USING (municipality = nullif(current_setting('fodslag.municipality', true), '')) $_$
            || $_$ WITH CHECK (municipality = nullif(current_setting('fodslag.municipality', true), '')) $_$;
    END LOOP;
END $$;

-- The default rule sets are shared; the owner, as whom the functions below run, sees what these need and no more.
CREATE POLICY shared ON document FOR SELECT USING (municipality = 'default');
CREATE POLICY keeper ON data_key FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY keeper ON personal_text TO CURRENT_USER USING (course_id IS NULL);
CREATE POLICY keeper ON waiting FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY keeper ON working_time FOR SELECT TO CURRENT_USER USING (moved <> '{}');

GRANT USAGE ON SCHEMA public TO fodslag_app;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON absence, absence_cover, company, course, data_key, delivery, document, notice, observer, party, person,
       personal_text, receipt, unit, visit, waiting, working_time, workplace
    TO fodslag_app;
GRANT SELECT, INSERT ON command, journal, removal, revision TO fodslag_app;
GRANT UPDATE (detail) ON journal TO fodslag_app;
GRANT UPDATE (snapshot) ON revision TO fodslag_app;
GRANT UPDATE (content, agreed_by, agreed_at) ON removal TO fodslag_app;
