-- Master data.
CREATE SCHEMA ref;
COMMENT ON SCHEMA ref IS 'Master data';

CREATE TABLE ref.utility_settings (
  version bigint NOT NULL PRIMARY KEY,
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL,
  second_person text,
  reason text NOT NULL,
  utility_name text NOT NULL,
  utility_address text NOT NULL,
  tax_number text NOT NULL,
  currency char(3) NOT NULL,
  currency_decimals smallint NOT NULL CHECK (currency_decimals BETWEEN 0 AND 4),
  time_zone text NOT NULL,
  help_line text NOT NULL,
  receipt_message text NOT NULL,
  tokens_per_hour smallint NOT NULL CHECK (tokens_per_hour BETWEEN 1 AND 59),
  max_replacements smallint NOT NULL CHECK (max_replacements BETWEEN 0 AND 99),
  CONSTRAINT utility_settings_version CHECK (version >= 1)
);
COMMENT ON TABLE ref.utility_settings IS
  'The utility as it was from one change of its settings to the next; receipts show the row of their time. '
  'Rows are only added.';
COMMENT ON COLUMN ref.utility_settings.version IS 'Number of the change, 1 and up; the highest is in force';
COMMENT ON COLUMN ref.utility_settings.changed_at IS 'When it was changed';
COMMENT ON COLUMN ref.utility_settings.changed_by IS 'Who changed it';
COMMENT ON COLUMN ref.utility_settings.second_person IS 'Who approved it, where a second person is needed';
COMMENT ON COLUMN ref.utility_settings.reason IS 'Why';
COMMENT ON COLUMN ref.utility_settings.utility_name IS 'Name on receipts';
COMMENT ON COLUMN ref.utility_settings.utility_address IS 'Address on receipts';
COMMENT ON COLUMN ref.utility_settings.tax_number IS 'Tax number on receipts';
COMMENT ON COLUMN ref.utility_settings.currency IS
  'ISO 4217 code of all money of this store; a server with another currency does not start';
COMMENT ON COLUMN ref.utility_settings.currency_decimals IS 'Decimals of the currency''s minor unit';
COMMENT ON COLUMN ref.utility_settings.time_zone IS 'IANA name of the time zone of days and months';
COMMENT ON COLUMN ref.utility_settings.help_line IS 'Telephone number on receipts';
COMMENT ON COLUMN ref.utility_settings.receipt_message IS 'Message at the end of receipts';
COMMENT ON COLUMN ref.utility_settings.tokens_per_hour IS 'Most tokens for one meter in one hour';
COMMENT ON COLUMN ref.utility_settings.max_replacements IS 'Most replacements of one vend';

CREATE TABLE ref.customers (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL,
  account text NOT NULL UNIQUE,
  address text NOT NULL,
  phone text NOT NULL,
  arrears_rule text CHECK (arrears_rule IN ('instalment', 'share', 'priority')),
  arrears_value numeric(20,6),
  arrears_keep_units numeric(20,6),
  free_units numeric(20,6),
  free_evidence text,
  free_expires date,
  free_registered_by text,
  free_approved_by text,
  erased_at timestamptz,
  version bigint NOT NULL
);
CREATE INDEX customers_name ON ref.customers (name);
COMMENT ON TABLE ref.customers IS
  'Who pays. Personal columns are emptied on erasure; vends keep their own copy for as long as the law '
  'demands';
COMMENT ON COLUMN ref.customers.id IS 'Id in the API';
COMMENT ON COLUMN ref.customers.name IS 'Name';
COMMENT ON COLUMN ref.customers.account IS 'Account number of the utility; never changes';
COMMENT ON COLUMN ref.customers.address IS 'Postal address';
COMMENT ON COLUMN ref.customers.phone IS 'Telephone number';
COMMENT ON COLUMN ref.customers.arrears_rule IS 'How arrears are taken from a purchase; NULL: no plan';
COMMENT ON COLUMN ref.customers.arrears_value IS 'Money of an instalment, percent of a share';
COMMENT ON COLUMN ref.customers.arrears_keep_units IS 'Units that a purchase must still buy';
COMMENT ON COLUMN ref.customers.free_units IS 'Units of the free allocation each month; NULL: none';
COMMENT ON COLUMN ref.customers.free_evidence IS 'What proves the right to it';
COMMENT ON COLUMN ref.customers.free_expires IS 'Last local day on which it may be given';
COMMENT ON COLUMN ref.customers.free_registered_by IS 'Who registered it';
COMMENT ON COLUMN ref.customers.free_approved_by IS 'Second person; NULL: not approved, not given';
COMMENT ON COLUMN ref.customers.erased_at IS 'When personal data was erased';
COMMENT ON COLUMN ref.customers.version IS 'Version of the row, the ETag of the API';

CREATE TABLE ref.supply_groups (
  code text NOT NULL PRIMARY KEY CHECK (length(code) = 6),
  name text NOT NULL,
  current_key_revision smallint NOT NULL CHECK (current_key_revision BETWEEN 1 AND 9),
  key_change_policy text NOT NULL CHECK (key_change_policy IN ('with-next-vend', 'separately', 'field-team')),
  version bigint NOT NULL
);
COMMENT ON TABLE ref.supply_groups IS 'Meters that share vending keys';
COMMENT ON COLUMN ref.supply_groups.code IS 'Supply group code, 6 digits';
COMMENT ON COLUMN ref.supply_groups.name IS 'Name for people';
COMMENT ON COLUMN ref.supply_groups.current_key_revision IS 'Revision that new keys of meters have';
COMMENT ON COLUMN ref.supply_groups.key_change_policy IS 'When meters with another key are given a key change set';
COMMENT ON COLUMN ref.supply_groups.version IS 'Version of the row, the ETag of the API';

CREATE TABLE ref.supply_group_keys (
  supply_group text NOT NULL REFERENCES ref.supply_groups (code) CHECK (length(supply_group) = 6),
  key_revision smallint NOT NULL CHECK (key_revision BETWEEN 1 AND 9),
  key_type text NOT NULL CHECK (key_type IN ('DITK', 'DDTK', 'DUTK', 'DCTK')),
  key_expiry_number smallint NOT NULL CHECK (key_expiry_number BETWEEN 0 AND 255),
  base_date smallint NOT NULL CHECK (base_date IN (1993, 2014, 2035)),
  register smallint NOT NULL CHECK (register BETWEEN 1 AND 999),
  issued_until timestamptz,
  PRIMARY KEY (supply_group, key_revision, key_type)
);
COMMENT ON TABLE ref.supply_group_keys IS 'Vending keys by name and register of the security module; never a key';
COMMENT ON COLUMN ref.supply_group_keys.supply_group IS 'Supply group code';
COMMENT ON COLUMN ref.supply_group_keys.key_revision IS 'Key revision number';
COMMENT ON COLUMN ref.supply_group_keys.key_type IS 'Type of the decoder keys made from it';
COMMENT ON COLUMN ref.supply_group_keys.key_expiry_number IS 'Key expiry number; 255: never';
COMMENT ON COLUMN ref.supply_group_keys.base_date IS 'Year from which token identifiers count';
COMMENT ON COLUMN ref.supply_group_keys.register IS 'Register of the security module';
COMMENT ON COLUMN ref.supply_group_keys.issued_until IS
  'Last instant at which the module makes tokens with it; NULL: no limit';

CREATE TABLE ref.tariffs (
  id text NOT NULL PRIMARY KEY,
  service text NOT NULL CHECK (service IN ('electricity', 'water', 'gas', 'time'))
);
COMMENT ON TABLE ref.tariffs IS 'Tariffs; their content is in versions';
COMMENT ON COLUMN ref.tariffs.id IS 'Id in the API';
COMMENT ON COLUMN ref.tariffs.service IS 'What is sold';

CREATE TABLE ref.tariff_versions (
  tariff_id text NOT NULL REFERENCES ref.tariffs (id),
  version integer NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'active')),
  effective_from date NOT NULL,
  fixed_charges_cap_percent numeric(20,6) NOT NULL,
  tax_percent numeric(20,6) NOT NULL,
  minimum_tender numeric(20,6) NOT NULL,
  maximum_tender numeric(20,6) NOT NULL,
  daily_maximum numeric(20,6),
  written_by text NOT NULL,
  activated_by text,
  activated_at timestamptz,
  PRIMARY KEY (tariff_id, version),
  CONSTRAINT tariff_versions_active CHECK (state = 'draft' OR activated_by IS NOT NULL)
);
COMMENT ON TABLE ref.tariff_versions IS
  'Versions of tariffs; an active version is in force from its day until a later one''s day and is never '
  'changed';
COMMENT ON COLUMN ref.tariff_versions.tariff_id IS 'Tariff';
COMMENT ON COLUMN ref.tariff_versions.version IS '1 and up';
COMMENT ON COLUMN ref.tariff_versions.name IS 'Name on receipts';
COMMENT ON COLUMN ref.tariff_versions.state IS 'draft: can be tried only';
COMMENT ON COLUMN ref.tariff_versions.effective_from IS 'First local day on which it is sold by';
COMMENT ON COLUMN ref.tariff_versions.fixed_charges_cap_percent IS 'Most of a purchase that fixed charges may take';
COMMENT ON COLUMN ref.tariff_versions.tax_percent IS 'Tax on energy, charges and fees';
COMMENT ON COLUMN ref.tariff_versions.minimum_tender IS 'Least money for one vend';
COMMENT ON COLUMN ref.tariff_versions.maximum_tender IS 'Most money for one vend';
COMMENT ON COLUMN ref.tariff_versions.daily_maximum IS 'Most money for one meter in one local day; NULL: no limit';
COMMENT ON COLUMN ref.tariff_versions.written_by IS 'Who wrote it';
COMMENT ON COLUMN ref.tariff_versions.activated_by IS 'Second person';
COMMENT ON COLUMN ref.tariff_versions.activated_at IS 'When it was activated';

CREATE TABLE ref.tariff_blocks (
  tariff_id text NOT NULL,
  tariff_version integer NOT NULL,
  position smallint NOT NULL,
  up_to numeric(20,6),
  rate numeric(20,6) NOT NULL,
  PRIMARY KEY (tariff_id, tariff_version, position),
  CONSTRAINT tariff_blocks_version FOREIGN KEY (tariff_id, tariff_version)
    REFERENCES ref.tariff_versions (tariff_id, version)
);
COMMENT ON TABLE ref.tariff_blocks IS 'Steps of a version';
COMMENT ON COLUMN ref.tariff_blocks.tariff_id IS 'Tariff';
COMMENT ON COLUMN ref.tariff_blocks.tariff_version IS 'Version';
COMMENT ON COLUMN ref.tariff_blocks.position IS '1 and up in rising order';
COMMENT ON COLUMN ref.tariff_blocks.up_to IS 'Units of the month up to which the rate holds; NULL: the last block';
COMMENT ON COLUMN ref.tariff_blocks.rate IS 'Money for one unit, without tax';

CREATE TABLE ref.tariff_fixed_charges (
  tariff_id text NOT NULL,
  tariff_version integer NOT NULL,
  position smallint NOT NULL,
  name text NOT NULL,
  amount numeric(20,6) NOT NULL,
  period text NOT NULL CHECK (period IN ('daily', 'monthly')),
  PRIMARY KEY (tariff_id, tariff_version, position),
  CONSTRAINT tariff_fixed_charges_version FOREIGN KEY (tariff_id, tariff_version)
    REFERENCES ref.tariff_versions (tariff_id, version)
);
COMMENT ON TABLE ref.tariff_fixed_charges IS 'Charges that fall due with time';
COMMENT ON COLUMN ref.tariff_fixed_charges.tariff_id IS 'Tariff';
COMMENT ON COLUMN ref.tariff_fixed_charges.tariff_version IS 'Version';
COMMENT ON COLUMN ref.tariff_fixed_charges.position IS '1 and up in the order of the receipt';
COMMENT ON COLUMN ref.tariff_fixed_charges.name IS 'Name on receipts';
COMMENT ON COLUMN ref.tariff_fixed_charges.amount IS 'Money for each period, without tax';
COMMENT ON COLUMN ref.tariff_fixed_charges.period IS 'How often';

CREATE TABLE ref.tariff_channel_fees (
  tariff_id text NOT NULL,
  tariff_version integer NOT NULL,
  channel text NOT NULL,
  amount numeric(20,6) NOT NULL,
  percent numeric(20,6) NOT NULL,
  PRIMARY KEY (tariff_id, tariff_version, channel),
  CONSTRAINT tariff_channel_fees_version FOREIGN KEY (tariff_id, tariff_version)
    REFERENCES ref.tariff_versions (tariff_id, version)
);
COMMENT ON TABLE ref.tariff_channel_fees IS 'What a channel costs the customer';
COMMENT ON COLUMN ref.tariff_channel_fees.tariff_id IS 'Tariff';
COMMENT ON COLUMN ref.tariff_channel_fees.tariff_version IS 'Version';
COMMENT ON COLUMN ref.tariff_channel_fees.channel IS 'Name of the channel';
COMMENT ON COLUMN ref.tariff_channel_fees.amount IS 'Money for each vend, without tax';
COMMENT ON COLUMN ref.tariff_channel_fees.percent IS 'Percent of the tender, in addition';

CREATE TABLE ref.vendors (
  id text NOT NULL PRIMARY KEY,
  name text NOT NULL,
  floor_minor bigint NOT NULL,
  commission_percent numeric(20,6) NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL
);
COMMENT ON TABLE ref.vendors IS 'Who sells for the utility';
COMMENT ON COLUMN ref.vendors.id IS 'Id in the API';
COMMENT ON COLUMN ref.vendors.name IS 'Name on receipts';
COMMENT ON COLUMN ref.vendors.floor_minor IS 'Least that the wallet may hold after a vend, in minor units';
COMMENT ON COLUMN ref.vendors.commission_percent IS 'Percent of the tender that it earns';
COMMENT ON COLUMN ref.vendors.active IS 'false stops its vends';
COMMENT ON COLUMN ref.vendors.version IS 'Version of the row, the ETag of the API';

CREATE TABLE ref.outlets (
  vendor_id text NOT NULL REFERENCES ref.vendors (id),
  id text NOT NULL,
  position smallint NOT NULL,
  name text NOT NULL,
  active boolean NOT NULL,
  PRIMARY KEY (vendor_id, id)
);
CREATE UNIQUE INDEX outlets_position ON ref.outlets (vendor_id, position);
COMMENT ON TABLE ref.outlets IS 'Places where a vendor sells';
COMMENT ON COLUMN ref.outlets.vendor_id IS 'Vendor';
COMMENT ON COLUMN ref.outlets.id IS 'Id, unique within the vendor';
COMMENT ON COLUMN ref.outlets.position IS '1 for the outlet of vends that name none, then 2 and up';
COMMENT ON COLUMN ref.outlets.name IS 'Name on receipts';
COMMENT ON COLUMN ref.outlets.active IS 'false stops its vends';

CREATE TABLE ref.meters (
  pan text NOT NULL PRIMARY KEY CHECK (length(pan) = 18),
  drn text NOT NULL UNIQUE,
  supply_group text NOT NULL REFERENCES ref.supply_groups (code) CHECK (length(supply_group) = 6),
  key_revision smallint NOT NULL CHECK (key_revision BETWEEN 1 AND 9),
  key_type text NOT NULL CHECK (key_type IN ('DITK', 'DDTK', 'DUTK', 'DCTK')),
  tariff_index text NOT NULL CHECK (length(tariff_index) = 2),
  next_supply_group text REFERENCES ref.supply_groups (code) CHECK (length(next_supply_group) = 6),
  next_key_revision smallint,
  next_key_type text,
  next_tariff_index text CHECK (length(next_tariff_index) = 2),
  key_change_vend text,
  encryption_algorithm text NOT NULL CHECK (encryption_algorithm IN ('EA07', 'EA11')),
  token_carrier_type smallint NOT NULL,
  service text NOT NULL CHECK (service IN ('electricity', 'water', 'gas', 'time')),
  token_form text NOT NULL CHECK (token_form IN ('units', 'currency')),
  tariff_id text NOT NULL,
  customer_id text REFERENCES ref.customers (id),
  state text NOT NULL CHECK (state IN ('active', 'blocked', 'replaced')),
  state_reason text NOT NULL,
  charges_from date NOT NULL,
  key_change_tokens smallint NOT NULL CHECK (key_change_tokens IN (0, 2, 3)),
  sandbox text,
  version bigint NOT NULL,
  CONSTRAINT meters_next_key
    CHECK ((next_supply_group IS NULL) = (next_key_revision IS NULL)
    AND (next_supply_group IS NULL) = (next_key_type IS NULL)
    AND (next_supply_group IS NULL) = (next_tariff_index IS NULL))
);
CREATE INDEX meters_customer ON ref.meters (customer_id);
CREATE INDEX meters_supply_group ON ref.meters (supply_group, pan);
COMMENT ON TABLE ref.meters IS 'Payment meters; never a key';
COMMENT ON COLUMN ref.meters.pan IS 'MeterPAN, 18 digits';
COMMENT ON COLUMN ref.meters.drn IS 'Number on the meter''s face, 11 or 13 digits';
COMMENT ON COLUMN ref.meters.supply_group IS 'Supply group of the key it holds as far as is known';
COMMENT ON COLUMN ref.meters.key_revision IS 'Revision of that key';
COMMENT ON COLUMN ref.meters.key_type IS 'Type of that key';
COMMENT ON COLUMN ref.meters.tariff_index IS 'Tariff index of that key, 2 digits';
COMMENT ON COLUMN ref.meters.next_supply_group IS
  'Supply group of the key that an issued key change set moves it to; NULL: no change on its way';
COMMENT ON COLUMN ref.meters.next_key_revision IS 'Revision of the next key';
COMMENT ON COLUMN ref.meters.next_key_type IS 'Type of the next key';
COMMENT ON COLUMN ref.meters.next_tariff_index IS 'Tariff index of the next key';
COMMENT ON COLUMN ref.meters.key_change_vend IS 'Id of the vend that holds that set';
COMMENT ON COLUMN ref.meters.encryption_algorithm IS 'Encryption algorithm';
COMMENT ON COLUMN ref.meters.token_carrier_type IS 'Token carrier type of IEC 62055-41, 1 or 2';
COMMENT ON COLUMN ref.meters.service IS 'What it counts';
COMMENT ON COLUMN ref.meters.token_form IS 'What its credit tokens count';
COMMENT ON COLUMN ref.meters.tariff_id IS 'Tariff it is sold by';
COMMENT ON COLUMN ref.meters.customer_id IS 'Who pays; NULL: nobody is known';
COMMENT ON COLUMN ref.meters.state IS 'blocked and replaced meters get no token';
COMMENT ON COLUMN ref.meters.state_reason IS 'Why it is blocked, or which meter replaced it';
COMMENT ON COLUMN ref.meters.charges_from IS 'Fixed charges begin on the day after';
COMMENT ON COLUMN ref.meters.key_change_tokens IS 'Most key change tokens it takes; 0: not known';
COMMENT ON COLUMN ref.meters.sandbox IS 'Fixed outcome of a sandbox meter; NULL: a real meter';
COMMENT ON COLUMN ref.meters.version IS 'Version of the row, the ETag of the API';
