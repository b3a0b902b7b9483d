-- Vends, tokens, shifts.
CREATE TABLE shifts (
  id TEXT NOT NULL PRIMARY KEY,
  operator_id TEXT NOT NULL,
  vendor_id TEXT REFERENCES vendors (id),
  outlet_id TEXT,
  opened_at INTEGER NOT NULL,
  float_minor INTEGER NOT NULL,
  closed_at INTEGER,
  counted_minor INTEGER,
  issued_cash_minor INTEGER,
  pending_cash_minor INTEGER,
  pending_vends INTEGER,
  paid_in_minor INTEGER
) STRICT;
CREATE UNIQUE INDEX shifts_open ON shifts (operator_id) WHERE closed_at IS NULL;

CREATE TABLE shift_movements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  shift_id TEXT NOT NULL REFERENCES shifts (id),
  moved_at INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  actor TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE meter_totals (
  meter_pan TEXT NOT NULL PRIMARY KEY REFERENCES meters (pan) CHECK (length(meter_pan) = 18),
  last_vend_at INTEGER,
  charged_through TEXT CHECK (date(charged_through) = charged_through),
  fixed_charges_left_minor INTEGER NOT NULL,
  month TEXT NOT NULL CHECK (date(month) = month),
  month_milli_units INTEGER NOT NULL,
  had_free_units INTEGER NOT NULL CHECK (had_free_units IN (0, 1)),
  day TEXT NOT NULL CHECK (date(day) = day),
  tendered_today_minor INTEGER NOT NULL,
  hour_started_at INTEGER NOT NULL,
  tokens_in_hour INTEGER NOT NULL
) STRICT;

CREATE TABLE vend_ids (
  id TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  month TEXT NOT NULL CHECK (date(month) = month),
  request_digest BLOB NOT NULL CHECK (length(request_digest) = 32)
) STRICT;

CREATE TABLE vends (
  month TEXT NOT NULL CHECK (date(month) = month),
  number INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('credit', 'replacement', 'engineering', 'key-change')),
  meter_pan TEXT CHECK (length(meter_pan) = 18),
  vendor_id TEXT,
  outlet_id TEXT,
  terminal TEXT,
  shift_id TEXT,
  payment_method TEXT CHECK (payment_method IN ('cash', 'card', 'mobile-money', 'bank-transfer', 'cheque')),
  requested_by TEXT NOT NULL,
  requested_person TEXT,
  approved_by TEXT,
  reason TEXT,
  work_order TEXT,
  original_id TEXT,
  customer_id TEXT,
  tariff_id TEXT,
  tariff_version INTEGER,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  tender_minor INTEGER NOT NULL,
  change_minor INTEGER NOT NULL,
  milli_units INTEGER NOT NULL,
  free_milli_units INTEGER NOT NULL,
  booked_on TEXT NOT NULL CHECK (date(booked_on) = booked_on),
  sandbox INTEGER NOT NULL CHECK (sandbox IN (0, 1)),
  created_at INTEGER NOT NULL,
  picture_version INTEGER NOT NULL,
  picture TEXT NOT NULL CHECK (json_valid(picture)),
  PRIMARY KEY (month, number)
) STRICT;
CREATE INDEX vends_id ON vends (id);
CREATE INDEX vends_meter ON vends (meter_pan, number);
CREATE INDEX vends_vendor ON vends (vendor_id, number);
CREATE INDEX vends_shift ON vends (shift_id);
CREATE INDEX vends_original ON vends (original_id);

CREATE TABLE open_vends (
  number INTEGER NOT NULL PRIMARY KEY,
  month TEXT NOT NULL CHECK (date(month) = month),
  id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('awaiting-approval', 'pending')),
  meter_pan TEXT CHECK (length(meter_pan) = 18),
  shift_id TEXT,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  key_change INTEGER NOT NULL CHECK (key_change IN (0, 1)),
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX open_vends_meter ON open_vends (meter_pan);

CREATE TABLE vend_results (
  month TEXT NOT NULL CHECK (date(month) = month),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('issued', 'refused', 'reversed')),
  completed_at INTEGER NOT NULL,
  receipt_number INTEGER,
  refusal_code TEXT,
  refusal_arguments TEXT CHECK (json_valid(refusal_arguments)),
  decided_by TEXT,
  released_at INTEGER,
  copies INTEGER NOT NULL,
  PRIMARY KEY (month, number)
) STRICT;

CREATE TABLE vend_tokens (
  month TEXT NOT NULL CHECK (date(month) = month),
  number INTEGER NOT NULL,
  order_position INTEGER NOT NULL,
  part INTEGER NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('key-change', 'free', 'credit', 'management', 'test')),
  value TEXT NOT NULL,
  sealed_token BLOB NOT NULL,
  token_hash BLOB NOT NULL,
  PRIMARY KEY (month, number, order_position, part)
) STRICT;
CREATE INDEX vend_tokens_hash ON vend_tokens (token_hash);

CREATE TABLE token_identifiers (
  meter_pan TEXT NOT NULL CHECK (length(meter_pan) = 18),
  base_date INTEGER NOT NULL CHECK (base_date IN (1993, 2014, 2035)),
  identifier INTEGER NOT NULL CHECK (identifier BETWEEN 0 AND 16777215),
  vend_number INTEGER NOT NULL,
  PRIMARY KEY (meter_pan, base_date, identifier)
) STRICT;

CREATE TABLE receipt_numbers (
  vendor_id TEXT NOT NULL,
  outlet_id TEXT NOT NULL,
  last_number INTEGER NOT NULL,
  PRIMARY KEY (vendor_id, outlet_id)
) STRICT;
