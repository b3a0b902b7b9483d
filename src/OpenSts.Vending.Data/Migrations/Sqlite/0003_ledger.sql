-- Double-entry ledger.
CREATE TABLE accounts (
  code TEXT NOT NULL PRIMARY KEY,
  class TEXT NOT NULL CHECK (class IN ('asset', 'liability', 'income', 'expense')),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  balance_minor INTEGER NOT NULL,
  floor_minor INTEGER
) STRICT;

CREATE TABLE journal_entries (
  number INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL
    CHECK (kind IN ('vend', 'vend-reversed', 'deposit', 'deposit-reversed', 'charge', 'charge-reversed',
      'refund', 'write-off', 'cash-difference', 'commission-paid', 'opening-balance')),
  reference TEXT NOT NULL,
  actor TEXT NOT NULL,
  second_actor TEXT,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  recorded_at INTEGER NOT NULL,
  booked_on TEXT NOT NULL CHECK (date(booked_on) = booked_on)
) STRICT;
CREATE UNIQUE INDEX journal_entries_reference ON journal_entries (kind, reference);
CREATE INDEX journal_entries_booked ON journal_entries (booked_on);

CREATE TABLE postings (
  entry INTEGER NOT NULL,
  line INTEGER NOT NULL,
  account TEXT NOT NULL REFERENCES accounts (code),
  debit_minor INTEGER NOT NULL CHECK (debit_minor >= 0),
  credit_minor INTEGER NOT NULL CHECK (credit_minor >= 0),
  PRIMARY KEY (entry, line),
  CONSTRAINT postings_side CHECK ((debit_minor = 0) <> (credit_minor = 0)),
  CONSTRAINT postings_entry FOREIGN KEY (entry) REFERENCES journal_entries (number) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX postings_account ON postings (account, entry);

CREATE TABLE accounting_periods (
  period TEXT NOT NULL PRIMARY KEY CHECK (date(period) = period),
  closed_at INTEGER NOT NULL,
  closed_by TEXT NOT NULL
) STRICT;
