-- Views for analysts: their names and columns are kept when tables change.
CREATE VIEW vend_details AS
SELECT v.number, v.id, v.kind, coalesce(r.state, o.state, 'pending') AS state, v.created_at, r.completed_at, v.booked_on,
  v.meter_pan, v.vendor_id, v.outlet_id, r.receipt_number, v.requested_by, v.approved_by, v.customer_id, v.tariff_id,
  v.tariff_version, v.payment_method, v.currency, v.tender_minor, v.milli_units, v.free_milli_units, r.refusal_code
FROM vends v
LEFT JOIN vend_results r ON r.month = v.month AND r.number = v.number
LEFT JOIN open_vends o ON o.number = v.number
WHERE v.sandbox = 0;

CREATE VIEW trial_balance AS
SELECT code, class, currency, balance_minor FROM accounts;

CREATE VIEW wallets AS
SELECT v.id AS vendor_id, v.name, coalesce(a.balance_minor, 0) AS balance_minor, v.floor_minor, v.active
FROM vendors v LEFT JOIN accounts a ON a.code = 'wallet:' || v.id;

CREATE VIEW ledger_lines AS
SELECT e.number, e.kind, e.reference, e.booked_on, e.recorded_at, e.actor, e.second_actor, e.reason, e.source, e.currency,
  p.line, p.account, p.debit_minor, p.credit_minor
FROM journal_entries e JOIN postings p ON p.entry = e.number;

CREATE VIEW free_units AS
SELECT v.booked_on, v.id, v.meter_pan, v.customer_id, v.free_milli_units, c.free_evidence, c.free_registered_by, v.approved_by
FROM vends v
JOIN vend_results r ON r.month = v.month AND r.number = v.number AND r.state = 'issued'
LEFT JOIN customers c ON c.id = v.customer_id
WHERE v.free_milli_units > 0;

CREATE VIEW open_outcomes AS
SELECT number, id, kind, state, meter_pan, attempts, created_at FROM open_vends;
