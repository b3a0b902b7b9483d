-- Numbers, rules that columns alone cannot hold.
-- Postings are written before their entry, so that the entry's trigger sees it whole.
CREATE TRIGGER journal_entries_balanced BEFORE INSERT ON journal_entries
WHEN (SELECT total(debit_minor) <> total(credit_minor) OR count(*) < 2 FROM postings WHERE entry = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'The debits and credits of the journal entry differ.');
END;
CREATE TRIGGER postings_whole BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM journal_entries WHERE number = NEW.entry)
BEGIN
  SELECT RAISE(ABORT, 'The journal entry is complete.');
END;
CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings
BEGIN
  SELECT RAISE(ABORT, 'Rows of postings are only added.');
END;
CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings
BEGIN
  SELECT RAISE(ABORT, 'Rows of postings are only added.');
END;
CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries
BEGIN
  SELECT RAISE(ABORT, 'Rows of journal_entries are only added.');
END;
CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries
BEGIN
  SELECT RAISE(ABORT, 'Rows of journal_entries are only added.');
END;
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN
  SELECT RAISE(ABORT, 'Rows of audit_entries are only added.');
END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN
  SELECT RAISE(ABORT, 'Rows of audit_entries are only added.');
END;
CREATE TRIGGER vend_ids_no_update BEFORE UPDATE ON vend_ids
BEGIN
  SELECT RAISE(ABORT, 'Rows of vend_ids are only added.');
END;
CREATE TRIGGER vend_ids_no_delete BEFORE DELETE ON vend_ids
BEGIN
  SELECT RAISE(ABORT, 'Rows of vend_ids are only added.');
END;
CREATE TRIGGER accounts_floor BEFORE UPDATE OF balance_minor ON accounts
WHEN NEW.floor_minor IS NOT NULL AND NEW.balance_minor < OLD.balance_minor AND NEW.balance_minor < NEW.floor_minor
BEGIN
  SELECT RAISE(ABORT, 'The account would be below its floor.');
END;
