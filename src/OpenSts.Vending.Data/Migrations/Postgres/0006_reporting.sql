-- Summaries and views for analysts.
CREATE SCHEMA reporting;
COMMENT ON SCHEMA reporting IS 'Summaries and views for analysts';

CREATE TABLE reporting.daily_sales (
  day date NOT NULL,
  vendor_id text NOT NULL,
  outlet_id text NOT NULL,
  tariff_id text NOT NULL,
  payment_method text NOT NULL,
  vends bigint NOT NULL,
  tender_minor bigint NOT NULL,
  milli_units bigint NOT NULL,
  free_milli_units bigint NOT NULL,
  PRIMARY KEY (day, vendor_id, outlet_id, tariff_id, payment_method)
);
COMMENT ON TABLE reporting.daily_sales IS
  'Sums of issued credit vends, written by a job from what is booked; may be made again from the vends at '
  'any time';
COMMENT ON COLUMN reporting.daily_sales.day IS 'Local day';
COMMENT ON COLUMN reporting.daily_sales.vendor_id IS 'Vendor';
COMMENT ON COLUMN reporting.daily_sales.outlet_id IS 'Outlet';
COMMENT ON COLUMN reporting.daily_sales.tariff_id IS 'Tariff';
COMMENT ON COLUMN reporting.daily_sales.payment_method IS 'How it was paid';
COMMENT ON COLUMN reporting.daily_sales.vends IS 'How many';
COMMENT ON COLUMN reporting.daily_sales.tender_minor IS 'Money, in minor units';
COMMENT ON COLUMN reporting.daily_sales.milli_units IS 'Thousandths of units sold';
COMMENT ON COLUMN reporting.daily_sales.free_milli_units IS 'Thousandths of units given free';
