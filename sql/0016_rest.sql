-- What a key's callers may do over the REST API: a JSON list of permission keys. A key that was
-- made before may do what it could do before, and nothing more.
ALTER TABLE api_key ADD COLUMN permissions TEXT NOT NULL DEFAULT '[]'
  CHECK (json_valid(permissions));

-- How many calls of the REST API a key may make a minute.
ALTER TABLE api_key ADD COLUMN calls_a_minute INTEGER NOT NULL DEFAULT 300
  CHECK (calls_a_minute > 0);

-- What the key's own rows refer to.
CREATE UNIQUE INDEX api_key_in_tenant ON api_key (tenant_id, key_hash);

CREATE TABLE call_count (
  -- How many calls a key has made in the minute that began then.
  tenant_id INTEGER NOT NULL,
  key_hash TEXT NOT NULL,
  minute_at INTEGER NOT NULL,
  calls INTEGER NOT NULL CHECK (calls > 0),
  PRIMARY KEY (tenant_id, key_hash),
  FOREIGN KEY (tenant_id, key_hash) REFERENCES api_key (tenant_id, key_hash) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE answered_call (
  -- What a call with an Idempotency-Key was answered, to be answered again.
  tenant_id INTEGER NOT NULL,
  key_hash TEXT NOT NULL,
  idempotency_key TEXT NOT NULL CHECK (idempotency_key <> ''),
  -- The SHA-256 of the call's path and body.
  fingerprint TEXT NOT NULL,
  location TEXT NOT NULL,
  body TEXT NOT NULL,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key_hash, idempotency_key),
  FOREIGN KEY (tenant_id, key_hash) REFERENCES api_key (tenant_id, key_hash) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX answered_call_by_age ON answered_call (tenant_id, key_hash, answered_at);

-- Users are changed by programs, which say what they have read.
ALTER TABLE user ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Users of all realms by their address.
CREATE INDEX user_by_email ON user (tenant_id, email);
