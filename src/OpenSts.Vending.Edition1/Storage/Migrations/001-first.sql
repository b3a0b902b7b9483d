CREATE TABLE documents (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;
CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  account TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX customers_name ON customers (name);
CREATE TABLE meters (
  pan TEXT PRIMARY KEY,
  drn TEXT NOT NULL UNIQUE,
  customer TEXT REFERENCES customers (id),
  supply_group TEXT NOT NULL,
  tariff TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX meters_customer ON meters (customer);
CREATE TABLE identifier_marks (
  pan TEXT NOT NULL,
  base_date INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (pan, base_date)
) STRICT;
CREATE TABLE issues (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  digest TEXT NOT NULL,
  pan TEXT,
  vendor TEXT,
  operator TEXT NOT NULL,
  shift TEXT,
  month TEXT NOT NULL,
  milli_units INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  free INTEGER NOT NULL,
  sandbox INTEGER NOT NULL,
  released INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  copies INTEGER NOT NULL,
  created INTEGER NOT NULL,
  completed INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX issues_meter ON issues (pan, number);
CREATE INDEX issues_state ON issues (state, number);
CREATE INDEX issues_created ON issues (created);
CREATE INDEX issues_shift ON issues (shift);
CREATE TABLE issue_log (
  sequence INTEGER PRIMARY KEY,
  issue TEXT NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX issue_log_issue ON issue_log (issue);
CREATE TABLE issue_log_head (
  one INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TABLE entries (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  reference TEXT NOT NULL,
  UNIQUE (kind, reference)
) STRICT;
CREATE TABLE postings (
  entry INTEGER NOT NULL REFERENCES entries (number),
  line INTEGER NOT NULL,
  account TEXT NOT NULL,
  minor INTEGER NOT NULL,
  PRIMARY KEY (entry, line)
) STRICT;
CREATE INDEX postings_account ON postings (account, entry);
CREATE TABLE balances (
  account TEXT PRIMARY KEY,
  minor INTEGER NOT NULL
) STRICT;
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
CREATE TABLE shifts (
  id TEXT PRIMARY KEY,
  operator TEXT NOT NULL,
  opened INTEGER NOT NULL,
  closed INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX shifts_operator ON shifts (operator, closed);
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  body TEXT NOT NULL,
  revoked INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
  digest TEXT PRIMARY KEY,
  operator TEXT NOT NULL,
  csrf TEXT NOT NULL,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL
) STRICT;
CREATE TABLE idempotency (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  status INTEGER NOT NULL,
  answer TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (caller, key)
) STRICT;
