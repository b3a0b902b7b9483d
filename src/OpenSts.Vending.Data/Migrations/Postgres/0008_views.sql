-- Views for analysts: their names and columns are kept when tables change.
CREATE VIEW reporting.vend_details AS
SELECT v.number, v.id, v.kind, coalesce(r.state, o.state, 'pending') AS state, v.created_at, r.completed_at, v.booked_on,
  v.meter_pan, v.vendor_id, v.outlet_id, r.receipt_number, v.requested_by, v.approved_by, v.customer_id, v.tariff_id,
  v.tariff_version, v.payment_method, v.currency, v.tender_minor, v.milli_units, v.free_milli_units, r.refusal_code
FROM vend.vends v
LEFT JOIN vend.vend_results r ON r.month = v.month AND r.number = v.number
LEFT JOIN vend.open_vends o ON o.number = v.number
WHERE NOT v.sandbox;
COMMENT ON VIEW reporting.vend_details IS 'Every vend with its outcome, without tokens: one line for each';

CREATE VIEW reporting.trial_balance AS
SELECT code, class, currency, balance_minor FROM ledger.accounts;
COMMENT ON VIEW reporting.trial_balance IS 'Accounts with their balances; the balances of all accounts sum to zero';

CREATE VIEW reporting.wallets AS
SELECT v.id AS vendor_id, v.name, coalesce(a.balance_minor, 0) AS balance_minor, v.floor_minor, v.active
FROM ref.vendors v LEFT JOIN ledger.accounts a ON a.code = 'wallet:' || v.id;
COMMENT ON VIEW reporting.wallets IS 'What each vendor can still sell for';

CREATE VIEW reporting.ledger_lines AS
SELECT e.number, e.kind, e.reference, e.booked_on, e.recorded_at, e.actor, e.second_actor, e.reason, e.source, e.currency,
  p.line, p.account, p.debit_minor, p.credit_minor
FROM ledger.journal_entries e JOIN ledger.postings p ON p.entry = e.number;
COMMENT ON VIEW reporting.ledger_lines IS 'Postings with their entries: what moved, when, by whom, why';

CREATE VIEW reporting.free_units AS
SELECT v.booked_on, v.id, v.meter_pan, v.customer_id, v.free_milli_units, c.free_evidence, c.free_registered_by, v.approved_by
FROM vend.vends v
JOIN vend.vend_results r ON r.month = v.month AND r.number = v.number AND r.state = 'issued'
LEFT JOIN ref.customers c ON c.id = v.customer_id
WHERE v.free_milli_units > 0;
COMMENT ON VIEW reporting.free_units IS 'Units given free, with the evidence and both persons';

CREATE VIEW reporting.open_outcomes AS
SELECT number, id, kind, state, meter_pan, attempts, created_at FROM vend.open_vends;
COMMENT ON VIEW reporting.open_outcomes IS 'Vends whose outcome is not known or that wait for a second person';
