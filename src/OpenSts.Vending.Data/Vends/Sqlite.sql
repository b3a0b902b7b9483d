-- The statements of vends. Each is used by its name; parameters are written $1, $2 and so on. A list is a JSON array.
-- SQLite has one writer: nothing is locked here.

-- name: lock-meters
SELECT pan, supply_group, key_revision, key_type, tariff_index, next_supply_group, next_key_revision, next_key_type,
  next_tariff_index, key_change_vend, encryption_algorithm, token_carrier_type, service, token_form, tariff_id,
  customer_id, state, state_reason, charges_from, key_change_tokens, sandbox
FROM meters WHERE pan IN (SELECT value FROM json_each($1)) ORDER BY pan;

-- name: lock-shifts
SELECT id, operator_id, vendor_id, outlet_id, opened_at, float_minor
FROM shifts WHERE operator_id IN (SELECT value FROM json_each($1)) AND closed_at IS NULL ORDER BY id;

-- name: lock-accounts
SELECT code, balance_minor FROM accounts
WHERE code IN (SELECT value FROM json_each($1) UNION SELECT 'arrears:' || customer_id FROM meters WHERE pan IN (SELECT value FROM json_each($2)))
ORDER BY code;

-- name: lock-receipt-numbers
SELECT vendor_id, outlet_id, last_number FROM receipt_numbers
WHERE vendor_id IN (SELECT value FROM json_each($1)) ORDER BY vendor_id, outlet_id;

-- name: lock-open-vends
SELECT number, state FROM open_vends WHERE number IN (SELECT value FROM json_each($1)) ORDER BY number;

-- name: seen-ids
SELECT id FROM vend_ids WHERE id IN (SELECT value FROM json_each($1));

-- name: customers
SELECT id, name, account, address, phone, arrears_rule, arrears_value, arrears_keep_units, free_units, free_evidence,
  free_expires, free_registered_by, free_approved_by
FROM customers WHERE id IN (SELECT customer_id FROM meters WHERE pan IN (SELECT value FROM json_each($1)));

-- name: vendors
SELECT id, name, floor_minor, commission_percent, active FROM vendors WHERE id IN (SELECT value FROM json_each($1));

-- name: outlets
SELECT vendor_id, id, name, active FROM outlets WHERE vendor_id IN (SELECT value FROM json_each($1)) ORDER BY vendor_id, position;

-- name: supply-groups
SELECT code, name, current_key_revision, key_change_policy FROM supply_groups
WHERE code IN (SELECT value FROM json_each($2)) OR code IN (SELECT supply_group FROM meters WHERE pan IN (SELECT value FROM json_each($1)))
  OR code IN (SELECT next_supply_group FROM meters WHERE pan IN (SELECT value FROM json_each($1)));

-- name: supply-group-keys
SELECT supply_group, key_revision, key_type, key_expiry_number, base_date, register, issued_until
FROM supply_group_keys
WHERE supply_group IN (SELECT value FROM json_each($2)) OR supply_group IN (SELECT supply_group FROM meters WHERE pan IN (SELECT value FROM json_each($1)))
  OR supply_group IN (SELECT next_supply_group FROM meters WHERE pan IN (SELECT value FROM json_each($1)));

-- name: tariff-versions
SELECT v.tariff_id, v.version, v.name, t.service, v.effective_from, v.fixed_charges_cap_percent, v.tax_percent,
  v.minimum_tender, v.maximum_tender, v.daily_maximum, v.written_by, v.activated_by
FROM tariff_versions v JOIN tariffs t ON t.id = v.tariff_id
WHERE v.state = 'active' AND v.tariff_id IN (SELECT tariff_id FROM meters WHERE pan IN (SELECT value FROM json_each($1)));

-- name: tariff-blocks
SELECT tariff_id, tariff_version, up_to, rate FROM tariff_blocks
WHERE tariff_id IN (SELECT tariff_id FROM meters WHERE pan IN (SELECT value FROM json_each($1))) ORDER BY tariff_id, tariff_version, position;

-- name: tariff-fixed-charges
SELECT tariff_id, tariff_version, name, amount, period FROM tariff_fixed_charges
WHERE tariff_id IN (SELECT tariff_id FROM meters WHERE pan IN (SELECT value FROM json_each($1))) ORDER BY tariff_id, tariff_version, position;

-- name: tariff-channel-fees
SELECT tariff_id, tariff_version, channel, amount, percent FROM tariff_channel_fees
WHERE tariff_id IN (SELECT tariff_id FROM meters WHERE pan IN (SELECT value FROM json_each($1)));

-- name: meter-totals
SELECT meter_pan, last_vend_at, charged_through, fixed_charges_left_minor, month, month_milli_units, had_free_units, day,
  tendered_today_minor, hour_started_at, tokens_in_hour
FROM meter_totals WHERE meter_pan IN (SELECT value FROM json_each($1));

-- name: highest-identifiers
SELECT m.pan, b.base_date, (SELECT max(t.identifier) FROM token_identifiers t
  WHERE t.meter_pan = m.pan AND t.base_date = b.base_date)
FROM (SELECT value AS pan FROM json_each($1)) m
CROSS JOIN (SELECT 1993 AS base_date UNION ALL SELECT 2014 UNION ALL SELECT 2035) b;

-- name: open-key-changes
SELECT meter_pan, id FROM open_vends WHERE meter_pan IN (SELECT value FROM json_each($1)) AND key_change;

-- name: replacements
SELECT v.original_id, v.id, coalesce(r.state, o.state, 'pending'), v.created_at
FROM vends v
LEFT JOIN vend_results r ON r.month = v.month AND r.number = v.number
LEFT JOIN open_vends o ON o.number = v.number
WHERE v.original_id IN (SELECT value FROM json_each($1)) ORDER BY v.number;

-- name: vend-numbers
WITH RECURSIVE n (i) AS (SELECT 1 WHERE $1 > 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
SELECT (SELECT coalesce(max(number), 0) FROM vend_ids) + i FROM n;

-- name: entry-numbers
WITH RECURSIVE n (i) AS (SELECT 1 WHERE $1 > 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
SELECT (SELECT coalesce(max(number), 0) FROM journal_entries) + i FROM n;

-- name: identifier-floor
SELECT barred_until FROM identifier_floor;

-- name: last-heartbeat
SELECT max(beat_at), (SELECT max(heartbeat_until) FROM clock_confirmations) FROM heartbeats;

-- name: vends
SELECT i.id, v.number, v.month, i.request_digest, v.created_at, v.picture, coalesce(r.state, o.state, 'pending'),
  coalesce(o.version, 1), coalesce(o.attempts, 0), r.completed_at, r.receipt_number, r.refusal_code, r.refusal_arguments,
  r.decided_by, r.released_at, coalesce(r.copies, 0)
FROM vend_ids i
JOIN vends v ON v.month = i.month AND v.number = i.number
LEFT JOIN vend_results r ON r.month = v.month AND r.number = v.number
LEFT JOIN open_vends o ON o.number = v.number
WHERE i.id IN (SELECT value FROM json_each($1));

-- name: vend-tokens
SELECT t.number, t.order_position, t.part, t.sealed_token
FROM vend_ids i JOIN vend_tokens t ON t.month = i.month AND t.number = i.number
WHERE i.id IN (SELECT value FROM json_each($1)) ORDER BY t.number, t.order_position, t.part;

-- name: token-places
SELECT v.id FROM vend_tokens t JOIN vends v ON v.month = t.month AND v.number = t.number WHERE t.token_hash = $1;

-- name: entries-of-vends
SELECT e.reference, e.currency, p.account, p.credit_minor - p.debit_minor
FROM journal_entries e JOIN postings p ON p.entry = e.number
WHERE e.kind = 'vend' AND e.reference IN (SELECT value FROM json_each($1)) ORDER BY e.number, p.line;

-- name: open-vends
SELECT id FROM open_vends WHERE state = 'pending' ORDER BY number LIMIT $1;

-- name: unbalanced-entries
SELECT entry FROM postings GROUP BY entry HAVING sum(credit_minor) <> sum(debit_minor);

-- name: drifted-accounts
SELECT a.code FROM accounts a
WHERE a.balance_minor <> (SELECT coalesce(sum(p.credit_minor - p.debit_minor), 0) FROM postings p WHERE p.account = a.code);

-- name: close-open-vend
DELETE FROM open_vends WHERE number = $1;

-- name: count-attempt
UPDATE open_vends SET attempts = attempts + 1 WHERE number = $1;

-- name: approve-open-vend
UPDATE open_vends SET state = 'pending', version = version + 1 WHERE number = $1;

-- name: approve-vend
UPDATE vends SET approved_by = $3, picture = $4 WHERE month = $1 AND number = $2;

-- name: release-identifier
DELETE FROM token_identifiers WHERE meter_pan = $1 AND base_date = $2 AND identifier = $3 AND vend_number = $4;

-- name: set-next-key
UPDATE meters SET next_supply_group = $2, next_key_revision = $3, next_key_type = $4, next_tariff_index = $5,
  key_change_vend = $6, version = version + 1
WHERE pan = $1;

-- name: release-vend
UPDATE vend_results SET released_at = $3 WHERE month = $1 AND number = $2 AND released_at IS NULL AND state = 'issued';

-- name: reverse-issued-vend
UPDATE vend_results SET state = 'reversed', completed_at = $3, refusal_code = $4, refusal_arguments = $5, decided_by = $6
WHERE month = $1 AND number = $2 AND state = 'issued' AND released_at IS NULL;

-- name: forget-tokens
DELETE FROM vend_tokens WHERE month = $1 AND number = $2;

-- name: lock-vend-results
SELECT number, state, released_at FROM vend_results WHERE month = $1 AND number = $2;

-- name: count-copy
UPDATE vend_results SET copies = copies + 1 WHERE month = $1 AND number = $2;

-- name: beat
INSERT INTO heartbeats (server, started_at, beat_at) VALUES ($1, $2, $2)
ON CONFLICT (server) DO UPDATE SET beat_at = excluded.beat_at;

-- name: lock-sequencer
SELECT 1;

-- name: queued-entries
SELECT id FROM audit_queue ORDER BY id LIMIT $1;

-- name: last-sequence
SELECT max(sequence) FROM audit_entries;

-- name: number-entry
INSERT INTO audit_entries (sequence, queue_id, kind, occurred_at, actor, second_actor, subject, details, salt, numbered_at)
SELECT $1, id, kind, occurred_at, actor, second_actor, subject, details, salt, $3 FROM audit_queue WHERE id = $2;

-- name: forget-queued-entry
DELETE FROM audit_queue WHERE id = $1;
