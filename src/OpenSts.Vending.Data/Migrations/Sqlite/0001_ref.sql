-- Master data.
CREATE TABLE utility_settings (
  version INTEGER NOT NULL PRIMARY KEY,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  second_person TEXT,
  reason TEXT NOT NULL,
  utility_name TEXT NOT NULL,
  utility_address TEXT NOT NULL,
  tax_number TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  currency_decimals INTEGER NOT NULL CHECK (currency_decimals BETWEEN 0 AND 4),
  time_zone TEXT NOT NULL,
  help_line TEXT NOT NULL,
  receipt_message TEXT NOT NULL,
  tokens_per_hour INTEGER NOT NULL CHECK (tokens_per_hour BETWEEN 1 AND 59),
  max_replacements INTEGER NOT NULL CHECK (max_replacements BETWEEN 0 AND 99),
  CONSTRAINT utility_settings_version CHECK (version >= 1)
) STRICT;

CREATE TABLE customers (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  account TEXT NOT NULL UNIQUE,
  address TEXT NOT NULL,
  phone TEXT NOT NULL,
  arrears_rule TEXT CHECK (arrears_rule IN ('instalment', 'share', 'priority')),
  arrears_value TEXT,
  arrears_keep_units TEXT,
  free_units TEXT,
  free_evidence TEXT,
  free_expires TEXT CHECK (date(free_expires) = free_expires),
  free_registered_by TEXT,
  free_approved_by TEXT,
  erased_at INTEGER,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX customers_name ON customers (name);

CREATE TABLE supply_groups (
  code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 6),
  name TEXT NOT NULL,
  current_key_revision INTEGER NOT NULL CHECK (current_key_revision BETWEEN 1 AND 9),
  key_change_policy TEXT NOT NULL CHECK (key_change_policy IN ('with-next-vend', 'separately', 'field-team')),
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE supply_group_keys (
  supply_group TEXT NOT NULL REFERENCES supply_groups (code) CHECK (length(supply_group) = 6),
  key_revision INTEGER NOT NULL CHECK (key_revision BETWEEN 1 AND 9),
  key_type TEXT NOT NULL CHECK (key_type IN ('DITK', 'DDTK', 'DUTK', 'DCTK')),
  key_expiry_number INTEGER NOT NULL CHECK (key_expiry_number BETWEEN 0 AND 255),
  base_date INTEGER NOT NULL CHECK (base_date IN (1993, 2014, 2035)),
  register INTEGER NOT NULL CHECK (register BETWEEN 1 AND 999),
  issued_until INTEGER,
  PRIMARY KEY (supply_group, key_revision, key_type)
) STRICT;

CREATE TABLE tariffs (
  id TEXT NOT NULL PRIMARY KEY,
  service TEXT NOT NULL CHECK (service IN ('electricity', 'water', 'gas', 'time'))
) STRICT;

CREATE TABLE tariff_versions (
  tariff_id TEXT NOT NULL REFERENCES tariffs (id),
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'active')),
  effective_from TEXT NOT NULL CHECK (date(effective_from) = effective_from),
  fixed_charges_cap_percent TEXT NOT NULL,
  tax_percent TEXT NOT NULL,
  minimum_tender TEXT NOT NULL,
  maximum_tender TEXT NOT NULL,
  daily_maximum TEXT,
  written_by TEXT NOT NULL,
  activated_by TEXT,
  activated_at INTEGER,
  PRIMARY KEY (tariff_id, version),
  CONSTRAINT tariff_versions_active CHECK (state = 'draft' OR activated_by IS NOT NULL)
) STRICT;

CREATE TABLE tariff_blocks (
  tariff_id TEXT NOT NULL,
  tariff_version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  up_to TEXT,
  rate TEXT NOT NULL,
  PRIMARY KEY (tariff_id, tariff_version, position),
  CONSTRAINT tariff_blocks_version FOREIGN KEY (tariff_id, tariff_version)
    REFERENCES tariff_versions (tariff_id, version)
) STRICT;

CREATE TABLE tariff_fixed_charges (
  tariff_id TEXT NOT NULL,
  tariff_version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  amount TEXT NOT NULL,
  period TEXT NOT NULL CHECK (period IN ('daily', 'monthly')),
  PRIMARY KEY (tariff_id, tariff_version, position),
  CONSTRAINT tariff_fixed_charges_version FOREIGN KEY (tariff_id, tariff_version)
    REFERENCES tariff_versions (tariff_id, version)
) STRICT;

CREATE TABLE tariff_channel_fees (
  tariff_id TEXT NOT NULL,
  tariff_version INTEGER NOT NULL,
  channel TEXT NOT NULL,
  amount TEXT NOT NULL,
  percent TEXT NOT NULL,
  PRIMARY KEY (tariff_id, tariff_version, channel),
  CONSTRAINT tariff_channel_fees_version FOREIGN KEY (tariff_id, tariff_version)
    REFERENCES tariff_versions (tariff_id, version)
) STRICT;

CREATE TABLE vendors (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  floor_minor INTEGER NOT NULL,
  commission_percent TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE outlets (
  vendor_id TEXT NOT NULL REFERENCES vendors (id),
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  PRIMARY KEY (vendor_id, id)
) STRICT;
CREATE UNIQUE INDEX outlets_position ON outlets (vendor_id, position);

CREATE TABLE meters (
  pan TEXT NOT NULL PRIMARY KEY CHECK (length(pan) = 18),
  drn TEXT NOT NULL UNIQUE,
  supply_group TEXT NOT NULL REFERENCES supply_groups (code) CHECK (length(supply_group) = 6),
  key_revision INTEGER NOT NULL CHECK (key_revision BETWEEN 1 AND 9),
  key_type TEXT NOT NULL CHECK (key_type IN ('DITK', 'DDTK', 'DUTK', 'DCTK')),
  tariff_index TEXT NOT NULL CHECK (length(tariff_index) = 2),
  next_supply_group TEXT REFERENCES supply_groups (code) CHECK (length(next_supply_group) = 6),
  next_key_revision INTEGER,
  next_key_type TEXT,
  next_tariff_index TEXT CHECK (length(next_tariff_index) = 2),
  key_change_vend TEXT,
  encryption_algorithm TEXT NOT NULL CHECK (encryption_algorithm IN ('EA07', 'EA11')),
  token_carrier_type INTEGER NOT NULL,
  service TEXT NOT NULL CHECK (service IN ('electricity', 'water', 'gas', 'time')),
  token_form TEXT NOT NULL CHECK (token_form IN ('units', 'currency')),
  tariff_id TEXT NOT NULL,
  customer_id TEXT REFERENCES customers (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'blocked', 'replaced')),
  state_reason TEXT NOT NULL,
  charges_from TEXT NOT NULL CHECK (date(charges_from) = charges_from),
  key_change_tokens INTEGER NOT NULL CHECK (key_change_tokens IN (0, 2, 3)),
  sandbox TEXT,
  version INTEGER NOT NULL,
  CONSTRAINT meters_next_key
    CHECK ((next_supply_group IS NULL) = (next_key_revision IS NULL)
    AND (next_supply_group IS NULL) = (next_key_type IS NULL)
    AND (next_supply_group IS NULL) = (next_tariff_index IS NULL))
) STRICT;
CREATE INDEX meters_customer ON meters (customer_id);
CREATE INDEX meters_supply_group ON meters (supply_group, pan);
