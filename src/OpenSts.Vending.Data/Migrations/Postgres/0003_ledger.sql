-- Double-entry ledger.
CREATE SCHEMA ledger;
COMMENT ON SCHEMA ledger IS 'Double-entry ledger';

CREATE TABLE ledger.accounts (
  code text NOT NULL PRIMARY KEY,
  class text NOT NULL CHECK (class IN ('asset', 'liability', 'income', 'expense')),
  currency char(3) NOT NULL,
  balance_minor bigint NOT NULL,
  floor_minor bigint
);
COMMENT ON TABLE ledger.accounts IS 'Accounts with their balances';
COMMENT ON COLUMN ledger.accounts.code IS
  'wallet:, arrears: and till: with the owner''s id, otherwise the name in the chart of accounts';
COMMENT ON COLUMN ledger.accounts.class IS 'What it is in the books';
COMMENT ON COLUMN ledger.accounts.currency IS 'Currency of the balance';
COMMENT ON COLUMN ledger.accounts.balance_minor IS
  'Credits less debits, in minor units: what a wallet holds is above zero, what a customer owes below';
COMMENT ON COLUMN ledger.accounts.floor_minor IS 'Least balance that a vend may leave; NULL: no limit';

CREATE TABLE ledger.journal_entries (
  number bigint NOT NULL PRIMARY KEY,
  kind text NOT NULL
    CHECK (kind IN ('vend', 'vend-reversed', 'deposit', 'deposit-reversed', 'charge', 'charge-reversed',
      'refund', 'write-off', 'cash-difference', 'commission-paid', 'opening-balance')),
  reference text NOT NULL,
  actor text NOT NULL,
  second_actor text,
  reason text NOT NULL,
  source text NOT NULL,
  currency char(3) NOT NULL,
  recorded_at timestamptz NOT NULL,
  booked_on date NOT NULL
);
CREATE UNIQUE INDEX journal_entries_reference ON ledger.journal_entries (kind, reference);
CREATE INDEX journal_entries_booked ON ledger.journal_entries (booked_on);
COMMENT ON TABLE ledger.journal_entries IS 'Entries of the ledger; rows are only added';
COMMENT ON COLUMN ledger.journal_entries.number IS 'Number, rising';
COMMENT ON COLUMN ledger.journal_entries.kind IS 'Why money moved';
COMMENT ON COLUMN ledger.journal_entries.reference IS
  'What it is about: a vend''s id, a bank reference. Used once for each kind';
COMMENT ON COLUMN ledger.journal_entries.actor IS 'Who did it';
COMMENT ON COLUMN ledger.journal_entries.second_actor IS 'Second person, where one is needed';
COMMENT ON COLUMN ledger.journal_entries.reason IS 'Why; empty for vends';
COMMENT ON COLUMN ledger.journal_entries.source IS 'Where it came from: api, page, job, import';
COMMENT ON COLUMN ledger.journal_entries.currency IS 'Currency of its postings';
COMMENT ON COLUMN ledger.journal_entries.recorded_at IS 'When it was written';
COMMENT ON COLUMN ledger.journal_entries.booked_on IS 'Local day it counts on';

CREATE TABLE ledger.postings (
  entry bigint NOT NULL,
  line smallint NOT NULL,
  account text NOT NULL REFERENCES ledger.accounts (code),
  debit_minor bigint NOT NULL CHECK (debit_minor >= 0),
  credit_minor bigint NOT NULL CHECK (credit_minor >= 0),
  PRIMARY KEY (entry, line),
  CONSTRAINT postings_side CHECK ((debit_minor = 0) <> (credit_minor = 0)),
  CONSTRAINT postings_entry FOREIGN KEY (entry)
    REFERENCES ledger.journal_entries (number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX postings_account ON ledger.postings (account, entry);
COMMENT ON TABLE ledger.postings IS
  'Lines of entries; debits and credits of an entry are equal. Rows are only added';
COMMENT ON COLUMN ledger.postings.entry IS 'Number of the entry';
COMMENT ON COLUMN ledger.postings.line IS '1 and up';
COMMENT ON COLUMN ledger.postings.account IS 'Account';
COMMENT ON COLUMN ledger.postings.debit_minor IS 'Debit in minor units; 0 on a credit line';
COMMENT ON COLUMN ledger.postings.credit_minor IS 'Credit in minor units; 0 on a debit line';

CREATE TABLE ledger.accounting_periods (
  period date NOT NULL PRIMARY KEY,
  closed_at timestamptz NOT NULL,
  closed_by text NOT NULL
);
COMMENT ON TABLE ledger.accounting_periods IS 'Months of the books that were closed';
COMMENT ON COLUMN ledger.accounting_periods.period IS 'First day of the month';
COMMENT ON COLUMN ledger.accounting_periods.closed_at IS 'When it was closed';
COMMENT ON COLUMN ledger.accounting_periods.closed_by IS 'Who closed it';
