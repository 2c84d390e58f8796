-- A letter that no person wrote, to whoever claims to have the address: a confirmation, a link.
ALTER TABLE outbox ADD COLUMN is_automatic INTEGER NOT NULL DEFAULT 0
  CHECK (is_automatic IN (0, 1));

CREATE TABLE recipient_budget (
  -- How many such letters an address that nobody has proved was sent, by all tenants together,
  -- since a moment; links to sign in by themselves. Addresses are told apart by a SHA-256.
  recipient TEXT NOT NULL PRIMARY KEY,
  since_at INTEGER NOT NULL,
  letters INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX recipient_budget_by_time ON recipient_budget (since_at);
