-- Operation of the servers: accounts, keys, jobs.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  topic TEXT NOT NULL,
  subject TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  created_at INTEGER NOT NULL,
  dispatched_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (id) WHERE dispatched_at IS NULL;

CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  request_digest BLOB NOT NULL,
  status INTEGER NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (caller, key)
) STRICT;

CREATE TABLE heartbeats (
  server TEXT NOT NULL PRIMARY KEY,
  started_at INTEGER NOT NULL,
  beat_at INTEGER NOT NULL
) STRICT;

CREATE TABLE clock_confirmations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  confirmed_at INTEGER NOT NULL,
  confirmed_by TEXT NOT NULL,
  heartbeat_until INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE identifier_floor (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  barred_until INTEGER NOT NULL
) STRICT;

CREATE TABLE job_leases (
  job TEXT NOT NULL PRIMARY KEY,
  server TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  user_name TEXT,
  normalized_user_name TEXT UNIQUE,
  email TEXT,
  normalized_email TEXT,
  email_confirmed INTEGER NOT NULL CHECK (email_confirmed IN (0, 1)),
  password_hash TEXT,
  security_stamp TEXT,
  concurrency_stamp TEXT,
  phone_number TEXT,
  phone_number_confirmed INTEGER NOT NULL CHECK (phone_number_confirmed IN (0, 1)),
  two_factor_enabled INTEGER NOT NULL CHECK (two_factor_enabled IN (0, 1)),
  lockout_end INTEGER,
  lockout_enabled INTEGER NOT NULL CHECK (lockout_enabled IN (0, 1)),
  access_failed_count INTEGER NOT NULL,
  display_name TEXT NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('clerk', 'supervisor', 'engineer', 'auditor', 'administrator')),
  vendor_id TEXT REFERENCES vendors (id),
  outlet_id TEXT,
  language TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  account_changed_by TEXT,
  account_changed_at INTEGER
) STRICT;

CREATE TABLE user_claims (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL REFERENCES users (id),
  claim_type TEXT,
  claim_value TEXT
) STRICT;

CREATE TABLE user_logins (
  login_provider TEXT NOT NULL,
  provider_key TEXT NOT NULL,
  provider_display_name TEXT,
  user_id TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (login_provider, provider_key)
) STRICT;

CREATE TABLE user_tokens (
  user_id TEXT NOT NULL REFERENCES users (id),
  login_provider TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (user_id, login_provider, name)
) STRICT;

CREATE TABLE user_passkeys (
  credential_id BLOB NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;

CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
  owner_id TEXT NOT NULL REFERENCES users (id),
  vendor_id TEXT REFERENCES vendors (id),
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  last_used_at INTEGER
) STRICT;

CREATE TABLE data_protection_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  friendly_name TEXT,
  xml TEXT
) STRICT;
