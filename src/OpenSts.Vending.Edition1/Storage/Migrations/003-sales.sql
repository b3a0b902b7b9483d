CREATE TABLE meter_sales (
  pan TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  created INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  charged_through TEXT,
  fixed_left INTEGER NOT NULL,
  month TEXT NOT NULL,
  milli_units INTEGER NOT NULL,
  free INTEGER NOT NULL,
  day INTEGER NOT NULL,
  minor INTEGER NOT NULL
) STRICT;
ALTER TABLE issues ADD COLUMN tokens TEXT;
DROP INDEX issues_month;
/* PostgreSQL */ ALTER TABLE postings DROP CONSTRAINT postings_entry_fkey;
/* PostgreSQL */ ALTER TABLE meter_sales SET (fillfactor = 70);
/* PostgreSQL */ ALTER TABLE identifier_marks SET (fillfactor = 70);
