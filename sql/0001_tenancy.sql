CREATE TABLE tenant (
  -- One customer of the platform, walled off. Everything else hangs on it.
  tenant_id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'),
  name TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  -- The database binding that holds the tenant's rows.
  placement TEXT NOT NULL DEFAULT 'default',
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE realm (
  -- A node of the tenant's tree. The only table that holds paths: other rows name the stable
  -- realm_id, so that moving a subtree rewrites realm rows and nothing else.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  realm_id INTEGER NOT NULL,
  parent_id INTEGER,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'company'
    CHECK (kind IN ('company', 'department', 'site', 'customer')),
  archived_at INTEGER,
  PRIMARY KEY (tenant_id, realm_id),
  UNIQUE (tenant_id, path),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  -- A value set on a realm; realms below inherit it unless they set their own.
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant_id, realm_id, key),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE portal_host (
  -- A host name that opens onto one realm. Found before the tenant is known.
  host TEXT PRIMARY KEY CHECK (host = lower(host)),
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  is_primary INTEGER NOT NULL DEFAULT 0 CHECK (is_primary IN (0, 1)),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX portal_host_of_tenant ON portal_host (tenant_id, realm_id);
CREATE UNIQUE INDEX portal_host_primary ON portal_host (tenant_id) WHERE is_primary = 1;
