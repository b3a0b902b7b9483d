-- Numbers, rules that columns alone cannot hold, partitions.
CREATE SEQUENCE vend.vend_number;
COMMENT ON SEQUENCE vend.vend_number IS 'Numbers of vends; a number that was not used is lost';
CREATE SEQUENCE ledger.entry_number;
COMMENT ON SEQUENCE ledger.entry_number IS 'Numbers of journal entries; a number that was not used is lost';

-- An entry's postings are written in one statement, so that it is checked whole.
CREATE FUNCTION ledger.refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  wrong bigint;
BEGIN
  SELECT entry INTO wrong FROM written GROUP BY entry HAVING sum(debit_minor) <> sum(credit_minor) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The debits and credits of journal entry % differ.', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $body$;
COMMENT ON FUNCTION ledger.refuse_unbalanced() IS 'Debits and credits of each entry are equal';
CREATE TRIGGER postings_balanced AFTER INSERT ON ledger.postings
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_unbalanced();

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'Rows of % are only added.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $body$;
COMMENT ON FUNCTION audit.refuse_change() IS 'Rows of ledger and log are only added';
CREATE TRIGGER postings_only_added BEFORE UPDATE OR DELETE ON ledger.postings
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER journal_entries_only_added BEFORE UPDATE OR DELETE ON ledger.journal_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER audit_entries_only_added BEFORE UPDATE OR DELETE ON audit.audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER vend_ids_only_added BEFORE UPDATE OR DELETE ON vend.vend_ids
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

-- A wallet's floor is kept by the planner under the row's lock; this holds it against everybody else.
CREATE FUNCTION ledger.refuse_below_floor() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF NEW.balance_minor < OLD.balance_minor AND NEW.balance_minor < NEW.floor_minor THEN
    RAISE EXCEPTION 'Account % would be below its floor.', NEW.code USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $body$;
COMMENT ON FUNCTION ledger.refuse_below_floor() IS 'No posting takes an account below its floor';
CREATE TRIGGER accounts_floor BEFORE UPDATE OF balance_minor ON ledger.accounts
  FOR EACH ROW WHEN (NEW.floor_minor IS NOT NULL) EXECUTE FUNCTION ledger.refuse_below_floor();

CREATE FUNCTION vend.ensure_partitions(first_month date, months integer) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  start date;
  parent text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('vend.ensure_partitions'));
  FOR i IN 0 .. months - 1 LOOP
    start := (date_trunc('month', first_month) + make_interval(months => i))::date;
    FOREACH parent IN ARRAY ARRAY['vends', 'vend_results', 'vend_tokens'] LOOP
      EXECUTE format('CREATE TABLE IF NOT EXISTS vend.%I PARTITION OF vend.%I FOR VALUES FROM (%L) TO (%L)',
        parent || to_char(start, '_YYYY_MM'), parent, start, (start + interval '1 month')::date);
    END LOOP;
  END LOOP;
END $body$;
COMMENT ON FUNCTION vend.ensure_partitions(date, integer) IS 'Makes the partitions of some months from one on';
