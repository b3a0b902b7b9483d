-- Summaries and views for analysts.
CREATE TABLE daily_sales (
  day TEXT NOT NULL CHECK (date(day) = day),
  vendor_id TEXT NOT NULL,
  outlet_id TEXT NOT NULL,
  tariff_id TEXT NOT NULL,
  payment_method TEXT NOT NULL,
  vends INTEGER NOT NULL,
  tender_minor INTEGER NOT NULL,
  milli_units INTEGER NOT NULL,
  free_milli_units INTEGER NOT NULL,
  PRIMARY KEY (day, vendor_id, outlet_id, tariff_id, payment_method)
) STRICT;
