-- What happened, for the evidence log.
CREATE TABLE audit_queue (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  second_actor TEXT,
  subject TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  salt BLOB NOT NULL
) STRICT;

CREATE TABLE audit_entries (
  sequence INTEGER NOT NULL PRIMARY KEY,
  queue_id INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  second_actor TEXT,
  subject TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  salt BLOB NOT NULL,
  numbered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_entries_subject ON audit_entries (subject);
