CREATE TABLE source_count (
  -- How many forms of a kind came from a source in the ten minutes that began then. A source is
  -- an address, of version 6 the network it is in, or a user who has signed in. The sweep forgets
  -- it soon after.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  form TEXT NOT NULL CHECK (form IN ('open', 'message', 'status')),
  source TEXT NOT NULL CHECK (source <> ''),
  since_at INTEGER NOT NULL,
  posts INTEGER NOT NULL CHECK (posts > 0),
  PRIMARY KEY (tenant_id, form, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX source_count_by_age ON source_count (since_at);
