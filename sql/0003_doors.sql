CREATE TABLE api_key (
  -- Found by the hash of what the caller presents, before the tenant is known.
  key_hash TEXT PRIMARY KEY,
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  -- The first characters, so that people can tell keys apart.
  prefix TEXT NOT NULL,
  name TEXT NOT NULL,
  -- A JSON list of addresses and CIDR ranges; an empty list means any address.
  sources TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(sources)),
  can_create_tickets INTEGER NOT NULL DEFAULT 1 CHECK (can_create_tickets IN (0, 1)),
  can_run_cron INTEGER NOT NULL DEFAULT 0 CHECK (can_run_cron IN (0, 1)),
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_at INTEGER NOT NULL,
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX api_key_of_tenant ON api_key (tenant_id, realm_id);

CREATE TABLE mail_address (
  -- An address that takes mail in; no two tenants can register the same (T-52).
  address TEXT PRIMARY KEY CHECK (address = lower(address)),
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  department_id INTEGER,
  topic_id INTEGER,
  secret_hash TEXT NOT NULL,
  is_primary INTEGER NOT NULL DEFAULT 0 CHECK (is_primary IN (0, 1)),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES help_topic (tenant_id, topic_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_address_of_tenant ON mail_address (tenant_id, realm_id);
CREATE UNIQUE INDEX mail_address_primary ON mail_address (tenant_id) WHERE is_primary = 1;
