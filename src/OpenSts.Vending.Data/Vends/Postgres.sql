-- The statements of vends. Each is used by its name; parameters are written $1, $2 and so on.
-- Rows are locked in one order: meters, shifts, accounts, receipt numbers, open vends. The first attempt skips rows that
-- another session holds, so that nobody waits for it; the second waits as long as the lock time-out.

-- name: lock-meters
SELECT pan, supply_group, key_revision, key_type, tariff_index, next_supply_group, next_key_revision, next_key_type,
  next_tariff_index, key_change_vend, encryption_algorithm, token_carrier_type, service, token_form, tariff_id,
  customer_id, state, state_reason, charges_from, key_change_tokens, sandbox
FROM ref.meters WHERE pan = ANY($1) ORDER BY pan FOR NO KEY UPDATE SKIP LOCKED;

-- name: lock-meters-waiting
SELECT pan, supply_group, key_revision, key_type, tariff_index, next_supply_group, next_key_revision, next_key_type,
  next_tariff_index, key_change_vend, encryption_algorithm, token_carrier_type, service, token_form, tariff_id,
  customer_id, state, state_reason, charges_from, key_change_tokens, sandbox
FROM ref.meters WHERE pan = ANY($1) ORDER BY pan FOR NO KEY UPDATE;

-- name: meters-present
SELECT pan FROM ref.meters WHERE pan = ANY($1);

-- name: lock-shifts
SELECT id, operator_id, vendor_id, outlet_id, opened_at, float_minor
FROM vend.shifts WHERE operator_id = ANY($1) AND closed_at IS NULL ORDER BY id FOR SHARE SKIP LOCKED;

-- name: lock-shifts-waiting
SELECT id, operator_id, vendor_id, outlet_id, opened_at, float_minor
FROM vend.shifts WHERE operator_id = ANY($1) AND closed_at IS NULL ORDER BY id FOR SHARE;

-- name: shifts-present
SELECT operator_id FROM vend.shifts WHERE operator_id = ANY($1) AND closed_at IS NULL;

-- name: lock-accounts
SELECT code, balance_minor FROM ledger.accounts
WHERE code IN (SELECT unnest($1::text[]) UNION SELECT 'arrears:' || customer_id FROM ref.meters WHERE pan = ANY($2))
ORDER BY code FOR NO KEY UPDATE SKIP LOCKED;

-- name: lock-accounts-waiting
SELECT code, balance_minor FROM ledger.accounts
WHERE code IN (SELECT unnest($1::text[]) UNION SELECT 'arrears:' || customer_id FROM ref.meters WHERE pan = ANY($2))
ORDER BY code FOR NO KEY UPDATE;

-- name: accounts-present
SELECT code FROM ledger.accounts
WHERE code IN (SELECT unnest($1::text[]) UNION SELECT 'arrears:' || customer_id FROM ref.meters WHERE pan = ANY($2));

-- name: lock-receipt-numbers
SELECT vendor_id, outlet_id, last_number FROM vend.receipt_numbers
WHERE vendor_id = ANY($1) ORDER BY vendor_id, outlet_id FOR NO KEY UPDATE SKIP LOCKED;

-- name: lock-receipt-numbers-waiting
SELECT vendor_id, outlet_id, last_number FROM vend.receipt_numbers
WHERE vendor_id = ANY($1) ORDER BY vendor_id, outlet_id FOR NO KEY UPDATE;

-- name: receipt-numbers-present
SELECT vendor_id, outlet_id FROM vend.receipt_numbers WHERE vendor_id = ANY($1);

-- name: lock-open-vends
SELECT number, state FROM vend.open_vends WHERE number = ANY($1) ORDER BY number FOR UPDATE SKIP LOCKED;

-- name: lock-open-vends-waiting
SELECT number, state FROM vend.open_vends WHERE number = ANY($1) ORDER BY number FOR UPDATE;

-- name: open-vends-present
SELECT number FROM vend.open_vends WHERE number = ANY($1);

-- name: seen-ids
SELECT id FROM vend.vend_ids WHERE id = ANY($1);

-- name: customers
SELECT id, name, account, address, phone, arrears_rule, arrears_value, arrears_keep_units, free_units, free_evidence,
  free_expires, free_registered_by, free_approved_by
FROM ref.customers WHERE id IN (SELECT customer_id FROM ref.meters WHERE pan = ANY($1));

-- name: vendors
SELECT id, name, floor_minor, commission_percent, active FROM ref.vendors WHERE id = ANY($1);

-- name: outlets
SELECT vendor_id, id, name, active FROM ref.outlets WHERE vendor_id = ANY($1) ORDER BY vendor_id, position;

-- name: supply-groups
SELECT code, name, current_key_revision, key_change_policy FROM ref.supply_groups
WHERE code = ANY($2) OR code IN (SELECT supply_group FROM ref.meters WHERE pan = ANY($1))
  OR code IN (SELECT next_supply_group FROM ref.meters WHERE pan = ANY($1));

-- name: supply-group-keys
SELECT supply_group, key_revision, key_type, key_expiry_number, base_date, register, issued_until
FROM ref.supply_group_keys
WHERE supply_group = ANY($2) OR supply_group IN (SELECT supply_group FROM ref.meters WHERE pan = ANY($1))
  OR supply_group IN (SELECT next_supply_group FROM ref.meters WHERE pan = ANY($1));

-- name: tariff-versions
SELECT v.tariff_id, v.version, v.name, t.service, v.effective_from, v.fixed_charges_cap_percent, v.tax_percent,
  v.minimum_tender, v.maximum_tender, v.daily_maximum, v.written_by, v.activated_by
FROM ref.tariff_versions v JOIN ref.tariffs t ON t.id = v.tariff_id
WHERE v.state = 'active' AND v.tariff_id IN (SELECT tariff_id FROM ref.meters WHERE pan = ANY($1));

-- name: tariff-blocks
SELECT tariff_id, tariff_version, up_to, rate FROM ref.tariff_blocks
WHERE tariff_id IN (SELECT tariff_id FROM ref.meters WHERE pan = ANY($1)) ORDER BY tariff_id, tariff_version, position;

-- name: tariff-fixed-charges
SELECT tariff_id, tariff_version, name, amount, period FROM ref.tariff_fixed_charges
WHERE tariff_id IN (SELECT tariff_id FROM ref.meters WHERE pan = ANY($1)) ORDER BY tariff_id, tariff_version, position;

-- name: tariff-channel-fees
SELECT tariff_id, tariff_version, channel, amount, percent FROM ref.tariff_channel_fees
WHERE tariff_id IN (SELECT tariff_id FROM ref.meters WHERE pan = ANY($1));

-- name: meter-totals
SELECT meter_pan, last_vend_at, charged_through, fixed_charges_left_minor, month, month_milli_units, had_free_units, day,
  tendered_today_minor, hour_started_at, tokens_in_hour
FROM vend.meter_totals WHERE meter_pan = ANY($1);

-- name: highest-identifiers
SELECT m.pan, b.base_date, (SELECT max(t.identifier) FROM vend.token_identifiers t
  WHERE t.meter_pan = m.pan AND t.base_date = b.base_date)
FROM (SELECT unnest($1::text[]) AS pan) m CROSS JOIN (VALUES (1993), (2014), (2035)) b (base_date);

-- name: open-key-changes
SELECT meter_pan, id FROM vend.open_vends WHERE meter_pan = ANY($1) AND key_change;

-- name: replacements
SELECT v.original_id, v.id, coalesce(r.state, o.state, 'pending'), v.created_at
FROM vend.vends v
LEFT JOIN vend.vend_results r ON r.month = v.month AND r.number = v.number
LEFT JOIN vend.open_vends o ON o.number = v.number
WHERE v.original_id = ANY($1) ORDER BY v.number;

-- name: vend-numbers
SELECT nextval('vend.vend_number') FROM generate_series(1, $1);

-- name: entry-numbers
SELECT nextval('ledger.entry_number') FROM generate_series(1, $1);

-- name: identifier-floor
SELECT barred_until FROM ops.identifier_floor;

-- name: last-heartbeat
SELECT max(beat_at), (SELECT max(heartbeat_until) FROM ops.clock_confirmations) FROM ops.heartbeats;

-- name: vends
SELECT i.id, v.number, v.month, i.request_digest, v.created_at, v.picture, coalesce(r.state, o.state, 'pending'),
  coalesce(o.version, 1), coalesce(o.attempts, 0), r.completed_at, r.receipt_number, r.refusal_code, r.refusal_arguments,
  r.decided_by, r.released_at, coalesce(r.copies, 0)
FROM vend.vend_ids i
JOIN vend.vends v ON v.month = i.month AND v.number = i.number
LEFT JOIN vend.vend_results r ON r.month = v.month AND r.number = v.number
LEFT JOIN vend.open_vends o ON o.number = v.number
WHERE i.id = ANY($1);

-- name: vend-tokens
SELECT t.number, t.order_position, t.part, t.sealed_token
FROM vend.vend_ids i JOIN vend.vend_tokens t ON t.month = i.month AND t.number = i.number
WHERE i.id = ANY($1) ORDER BY t.number, t.order_position, t.part;

-- name: token-places
SELECT v.id FROM vend.vend_tokens t JOIN vend.vends v ON v.month = t.month AND v.number = t.number WHERE t.token_hash = $1;

-- name: entries-of-vends
SELECT e.reference, e.currency, p.account, p.credit_minor - p.debit_minor
FROM ledger.journal_entries e JOIN ledger.postings p ON p.entry = e.number
WHERE e.kind = 'vend' AND e.reference = ANY($1) ORDER BY e.number, p.line;

-- name: open-vends
SELECT id FROM vend.open_vends WHERE state = 'pending' ORDER BY number LIMIT $1;

-- name: unbalanced-entries
SELECT entry FROM ledger.postings GROUP BY entry HAVING sum(credit_minor) <> sum(debit_minor);

-- name: drifted-accounts
SELECT a.code FROM ledger.accounts a
WHERE a.balance_minor <> (SELECT coalesce(sum(p.credit_minor - p.debit_minor), 0) FROM ledger.postings p WHERE p.account = a.code);

-- name: close-open-vend
DELETE FROM vend.open_vends WHERE number = $1;

-- name: count-attempt
UPDATE vend.open_vends SET attempts = attempts + 1 WHERE number = $1;

-- name: approve-open-vend
UPDATE vend.open_vends SET state = 'pending', version = version + 1 WHERE number = $1;

-- name: approve-vend
UPDATE vend.vends SET approved_by = $3, picture = $4::jsonb WHERE month = $1 AND number = $2;

-- name: release-identifier
DELETE FROM vend.token_identifiers WHERE meter_pan = $1 AND base_date = $2 AND identifier = $3 AND vend_number = $4;

-- name: set-next-key
UPDATE ref.meters SET next_supply_group = $2, next_key_revision = $3, next_key_type = $4, next_tariff_index = $5,
  key_change_vend = $6, version = version + 1
WHERE pan = $1;

-- name: release-vend
UPDATE vend.vend_results SET released_at = $3 WHERE month = $1 AND number = $2 AND released_at IS NULL AND state = 'issued';

-- name: reverse-issued-vend
UPDATE vend.vend_results SET state = 'reversed', completed_at = $3, refusal_code = $4, refusal_arguments = $5::jsonb, decided_by = $6
WHERE month = $1 AND number = $2 AND state = 'issued' AND released_at IS NULL;

-- name: forget-tokens
DELETE FROM vend.vend_tokens WHERE month = $1 AND number = $2;

-- name: lock-vend-results
SELECT number, state, released_at FROM vend.vend_results WHERE month = $1 AND number = $2 FOR UPDATE;

-- name: count-copy
UPDATE vend.vend_results SET copies = copies + 1 WHERE month = $1 AND number = $2;

-- name: beat
INSERT INTO ops.heartbeats (server, started_at, beat_at) VALUES ($1, $2, $2)
ON CONFLICT (server) DO UPDATE SET beat_at = excluded.beat_at;

-- name: lock-sequencer
SELECT 1 WHERE pg_try_advisory_xact_lock(7308332189);

-- name: queued-entries
SELECT id FROM audit.audit_queue ORDER BY id LIMIT $1;

-- name: last-sequence
SELECT max(sequence) FROM audit.audit_entries;

-- name: number-entry
INSERT INTO audit.audit_entries (sequence, queue_id, kind, occurred_at, actor, second_actor, subject, details, salt, numbered_at)
SELECT $1, id, kind, occurred_at, actor, second_actor, subject, details, salt, $3 FROM audit.audit_queue WHERE id = $2;

-- name: forget-queued-entry
DELETE FROM audit.audit_queue WHERE id = $1;
